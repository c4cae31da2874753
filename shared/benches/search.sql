-- `?1` contacts, each with `?2` messages of some thirty words, until `?3`.

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO contacts (site_id, id, name, created_at_ms)
     SELECT 'ste_larkspur', printf('ctc_%08d', n), CASE n % 3 WHEN 0 THEN printf('Maria Person%d', n) END, ?3 - n FROM i
;

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO handles (site_id, kind, address_key, address, contact_id, assurance, created_at_ms)
     SELECT 'ste_larkspur', 'phone', printf('+1628%07d', 5500000 + n), printf('+1628%07d', 5500000 + n),
       printf('ctc_%08d', n), 2, ?3 FROM i
;

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO handles (site_id, kind, address_key, address, contact_id, assurance, created_at_ms)
     SELECT 'ste_larkspur', 'email', printf('person%d@example.com', n), printf('person%d@example.com', n),
       printf('ctc_%08d', n), 2, ?3 FROM i
;

WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
     INSERT INTO conversations (site_id, id, contact_id, last_seq, floor, fence, updated_at_ms, said_seq)
     SELECT 'ste_larkspur', printf('cnv_%08d', n), printf('ctc_%08d', n), ?2, '"assistant"', 0, ?3 - 100000000 + n * 900, ?2
     FROM i
;

WITH RECURSIVE i (n, s) AS (SELECT 1, 1 UNION ALL
       SELECT CASE s WHEN ?2 THEN n + 1 ELSE n END, CASE s WHEN ?2 THEN 1 ELSE s + 1 END FROM i
       WHERE n < ?1 OR s < ?2)
     INSERT INTO events (site_id, conversation_id, seq, id, at_ms, channel, address_key, speaker, body)
     SELECT 'ste_larkspur', printf('cnv_%08d', n), s, printf('evt_%08d_%d', n, s), ?3 - 100000000 + n * 900, 'sms',
       printf('+1628%07d', 5500000 + n), CASE s % 2 WHEN 1 THEN '"contact"' ELSE '"assistant"' END,
       printf('{"message":{"text":"Hello, my bike needs a full service and the rear wheel is out of true, alpha%d, can you '
         || 'tell me what that costs and whether you have a time for it on day omega%d of next month?"}}',
         (n * 7 + s) % 1000, (n * 13 + s * 3) % 1000)
     FROM i
;
