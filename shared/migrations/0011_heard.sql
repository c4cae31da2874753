-- Where the contact wrote from last, and when, per address, as JSON: a platform's window and the channel they answer on.
ALTER TABLE conversations ADD COLUMN heard TEXT NOT NULL DEFAULT '[]';
