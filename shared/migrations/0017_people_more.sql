-- What our staff were told about a person is found by what it is about, to be erased with them.
CREATE INDEX notices_by_group ON notices (site_id, group_key);

-- Who has the same name; most contacts have none.
CREATE INDEX contacts_by_name ON contacts (site_id, name COLLATE NOCASE) WHERE name IS NOT NULL;
