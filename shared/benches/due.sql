-- A quarter of what is stored, each: `?1` rows, of which `?2` are due at `?3`. Their keys are in no order, so that what is due
-- lies anywhere among the rest.

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO planned (id, site_id, conversation_id, body, due_at_ms, state, updated_at_ms)
     SELECT printf('pln_%08x', n * 2654435761 % 4294967296), 'ste_larkspur',
       printf('cnv_%08x', n * 2654435761 % 4294967296),
       '{"speaker":"Chase","purpose":"reminder","text":"Is your bike still waiting for its service?"}',
       CASE WHEN n <= ?2 THEN ?3 - n ELSE ?3 + 8640000000 + n END,
       CASE WHEN n <= ?2 OR n % 2 = 0 THEN 'waiting' ELSE 'said' END, ?3 FROM i
;

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO runs (site_id, conversation_id, sequence, about, version, step, due_at_ms, state, body, updated_at_ms)
     SELECT 'ste_larkspur', printf('cnv_%08x', n * 2654435761 % 4294967296), 'cold-lead', '', 1, 'email',
       CASE WHEN n <= ?2 THEN ?3 - n ELSE ?3 + 8640000000 + n END,
       CASE WHEN n <= ?2 OR n % 2 = 0 THEN 'running' ELSE 'ended' END, '{"began_at":0,"done":[]}', ?3 FROM i
;

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO deliveries (id, site_id, conversation_id, seq, endpoint_id, channel, address_kind, address_key, address,
       purpose, state, due_at_ms, updated_at_ms)
     SELECT printf('dlv_%08x', n * 2654435761 % 4294967296), 'ste_larkspur',
       printf('cnv_%08x', n * 2654435761 % 4294967296), 1, 'end_larkspur_sms', 'sms', 'phone', '+14155552671',
       '+14155552671', 'reminder', CASE WHEN n <= ?2 OR n % 2 = 0 THEN 'pending' ELSE 'delivered' END,
       CASE WHEN n <= ?2 THEN ?3 - n ELSE ?3 + 8640000000 + n END, ?3 FROM i
;

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO conversations (site_id, id, contact_id, last_seq, floor, fence, turn_basis_seq, turn_due_at_ms,
       promise, promise_wakes_at_ms, updated_at_ms)
     SELECT 'ste_larkspur', printf('cnv_%08x', n * 2654435761 % 4294967296),
       printf('ctc_%08x', n * 2654435761 % 4294967296), 1, '"assistant"', 0, 1,
       CASE WHEN n <= ?2 THEN ?3 - n WHEN n > 2 * ?2 AND n % 2 = 0 THEN ?3 + 8640000000 + n END, NULL,
       CASE WHEN n > ?2 AND n <= 2 * ?2 THEN ?3 - n WHEN n > 2 * ?2 AND n % 2 = 0 THEN ?3 + 8640000000 + n END,
       ?3 FROM i
