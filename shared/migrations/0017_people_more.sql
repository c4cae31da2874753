-- What our staff were told about a person is found by what it is about, to be erased with them.
CREATE INDEX notices_by_group ON notices (site_id, group_key);

-- The sites that keep people for so long and no longer are found by that alone.
CREATE INDEX sites_retaining ON sites (id) WHERE json_extract(definition, '$.policy.retention_months') IS NOT NULL;

-- Who has the same name; most contacts have none.
CREATE INDEX contacts_by_name ON contacts (site_id, name COLLATE NOCASE) WHERE name IS NOT NULL;
