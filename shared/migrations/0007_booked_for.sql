-- The mailbox that was typed for an appointment, as given: what is said about it goes there too, whoever has it.
ALTER TABLE appointments ADD COLUMN mailbox TEXT;
