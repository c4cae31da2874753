-- Appointments -----------------------------------------------------------------------------------------------------

CREATE TABLE appointments (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  -- The line it was made on.
  address_kind TEXT NOT NULL,
  address_key TEXT NOT NULL,
  service_id TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  starts_at_ms INTEGER NOT NULL,
  ends_at_ms INTEGER NOT NULL,
  -- What it takes of the resource's time: buffers included.
  busy_from_ms INTEGER NOT NULL,
  busy_to_ms INTEGER NOT NULL,
  -- The day it counts for, in the resource's zone, and how many of the service there may be on it.
  day TEXT NOT NULL,
  day_max INTEGER,
  state TEXT NOT NULL CHECK (state IN ('held', 'booked', 'cancelled', 'missed', 'done')),
  held_until_ms INTEGER,
  version INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  note TEXT,
  late_by_min INTEGER,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, id),
  CHECK (state <> 'held' OR held_until_ms IS NOT NULL),
  -- Nothing that began more than a day before a time can reach into it: what looks for overlaps relies on it.
  CHECK (starts_at_ms < ends_at_ms AND busy_from_ms <= starts_at_ms AND ends_at_ms <= busy_to_ms
    AND busy_to_ms - busy_from_ms <= 86400000)
) STRICT, WITHOUT ROWID;

CREATE INDEX appointments_busy ON appointments (site_id, resource_id, busy_from_ms)
WHERE state IN ('held', 'booked', 'done');
CREATE INDEX appointments_by_contact ON appointments (site_id, contact_id, ends_at_ms);

-- The time of a resource is nobody's twice. A batch is one transaction and SQLite has one writer, so what a trigger sees
-- is all there is: whoever commits second is refused here, whatever they had loaded. A hold that has ended by the clock
-- of the one who writes is in nobody's way.
CREATE TRIGGER appointments_begin_apart BEFORE INSERT ON appointments
WHEN NEW.state IN ('held', 'booked') AND EXISTS (
  SELECT 1 FROM appointments o
  WHERE o.site_id = NEW.site_id AND o.resource_id = NEW.resource_id
    AND o.busy_from_ms > NEW.busy_from_ms - 86400000 AND o.busy_from_ms < NEW.busy_to_ms
    AND o.busy_to_ms > NEW.busy_from_ms
    AND o.state IN ('held', 'booked', 'done')
    AND (o.state <> 'held' OR o.held_until_ms > NEW.updated_at_ms)
)
BEGIN SELECT RAISE(ABORT, 'the time is taken'); END;

CREATE TRIGGER appointments_stay_apart BEFORE UPDATE ON appointments
WHEN NEW.state IN ('held', 'booked')
  AND (OLD.state = 'held' OR NEW.resource_id IS NOT OLD.resource_id
    OR NEW.busy_from_ms IS NOT OLD.busy_from_ms OR NEW.busy_to_ms IS NOT OLD.busy_to_ms)
  AND EXISTS (
    SELECT 1 FROM appointments o
    WHERE o.site_id = NEW.site_id AND o.resource_id = NEW.resource_id AND o.id <> NEW.id
      AND o.busy_from_ms > NEW.busy_from_ms - 86400000 AND o.busy_from_ms < NEW.busy_to_ms
      AND o.busy_to_ms > NEW.busy_from_ms
      AND o.state IN ('held', 'booked', 'done')
      AND (o.state <> 'held' OR o.held_until_ms > NEW.updated_at_ms)
  )
BEGIN SELECT RAISE(ABORT, 'the time is taken'); END;

-- A day has no more of a service than its maximum. A day has at most 25 hours, and a buffer reaches at most one back.
CREATE TRIGGER appointments_begin_few BEFORE INSERT ON appointments
WHEN NEW.state IN ('held', 'booked') AND NEW.day_max IS NOT NULL AND NEW.day_max <= (
  SELECT COUNT(*) FROM appointments o
  WHERE o.site_id = NEW.site_id AND o.resource_id = NEW.resource_id
    AND o.busy_from_ms > NEW.busy_from_ms - 180000000 AND o.busy_from_ms < NEW.busy_from_ms + 180000000
    AND o.day = NEW.day AND o.service_id = NEW.service_id
    AND o.state IN ('held', 'booked', 'done')
    AND (o.state <> 'held' OR o.held_until_ms > NEW.updated_at_ms)
)
BEGIN SELECT RAISE(ABORT, 'the day is full'); END;

CREATE TRIGGER appointments_stay_few BEFORE UPDATE ON appointments
WHEN NEW.state IN ('held', 'booked') AND NEW.day_max IS NOT NULL
  AND (OLD.state = 'held' OR NEW.resource_id IS NOT OLD.resource_id OR NEW.day IS NOT OLD.day)
  AND NEW.day_max <= (
    SELECT COUNT(*) FROM appointments o
    WHERE o.site_id = NEW.site_id AND o.resource_id = NEW.resource_id AND o.id <> NEW.id
      AND o.busy_from_ms > NEW.busy_from_ms - 180000000 AND o.busy_from_ms < NEW.busy_from_ms + 180000000
      AND o.day = NEW.day AND o.service_id = NEW.service_id
      AND o.state IN ('held', 'booked', 'done')
      AND (o.state <> 'held' OR o.held_until_ms > NEW.updated_at_ms)
  )
BEGIN SELECT RAISE(ABORT, 'the day is full'); END;

-- Changes follow one another: one that was decided from an older version is refused.
CREATE TRIGGER appointments_change_in_order BEFORE UPDATE ON appointments
WHEN NEW.version IS NOT OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'the appointment has changed'); END;

CREATE TRIGGER appointments_end_once BEFORE UPDATE ON appointments
WHEN OLD.state IN ('cancelled', 'missed', 'done')
BEGIN SELECT RAISE(ABORT, 'a finished appointment does not change'); END;
