//! A development clock: how far the present is ahead of the real one. Production neither reads nor writes it.

use serde::Deserialize;

use super::{Db, DbError, statements, stmt};

statements! {
    /// How far ahead, in milliseconds.
    OFFSET = "SELECT count AS offset_ms FROM counters WHERE site_id = '' AND name = 'clock' AND since_ms = 0";
    /// Moves the clock ahead.
    ADVANCE = "INSERT INTO counters (site_id, name, since_ms, count) VALUES ('', 'clock', 0, ?1)
        ON CONFLICT (site_id, name, since_ms) DO UPDATE SET count = count + excluded.count";
}

#[derive(Deserialize)]
struct OffsetRow {
    offset_ms: i64,
}

/// How far the development clock is ahead, in milliseconds.
pub async fn load_offset(db: &impl Db) -> Result<i64, DbError> {
    let row = db.query(&stmt!(OFFSET)).await?.decode_first::<OffsetRow>()?;
    Ok(row.map_or(0, |row| row.offset_ms))
}

/// Moves the development clock ahead; it never goes back.
pub async fn advance(db: &impl Db, ms: u32) -> Result<(), DbError> {
    db.query(&stmt!(ADVANCE, ms)).await.map(drop)
}
