-- What is due is answered from the index alone: a look at each row would cost more the more rows there are.
DROP INDEX planned_due;
CREATE INDEX planned_due ON planned (due_at_ms, site_id, conversation_id, id) WHERE state = 'waiting';

DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (due_at_ms, lease_until_ms, state, id) WHERE state IN ('pending', 'sending');

DROP INDEX conversations_owing;
CREATE INDEX conversations_owing ON conversations (turn_due_at_ms, turn_lease_until_ms, site_id, id)
  WHERE turn_due_at_ms IS NOT NULL;
