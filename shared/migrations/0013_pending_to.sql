-- What waits for an address is found by the address: a STOP costs what waits for it, not what waits for everybody.
CREATE INDEX deliveries_pending_to ON deliveries (site_id, address_kind, address_key) WHERE state = 'pending';
