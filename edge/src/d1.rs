//! The database port on D1.

use serde_json::{Map, Value};
use shared::store::{Answer, Arg, Db, DbError, Stmt};
use wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, D1Result};

/// A D1 database.
pub(crate) struct D1(pub(crate) D1Database);

impl D1 {
    fn prepare(&self, stmt: &Stmt) -> Result<D1PreparedStatement, DbError> {
        let prepared = self.0.prepare(stmt.sql);
        if stmt.args.is_empty() {
            return Ok(prepared);
        }
        let args: Vec<JsValue> = stmt.args.iter().map(bind).collect();
        prepared.bind(&args).map_err(|error| broken(&error))
    }
}

impl Db for D1 {
    async fn query(&self, stmt: &Stmt) -> Result<Answer, DbError> {
        let result = self.prepare(stmt)?.all().await.map_err(|error| broken(&error))?;
        decode(&result)
    }

    async fn batch(&self, stmts: &[Stmt]) -> Result<Vec<Answer>, DbError> {
        if stmts.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = stmts.iter().map(|stmt| self.prepare(stmt)).collect::<Result<Vec<_>, _>>()?;
        let results = self.0.batch(prepared).await.map_err(|error| broken(&error))?;
        results.iter().map(decode).collect()
    }
}

/// D1 takes numbers as JavaScript's and refuses big integers; whole numbers below 2^53 pass unharmed.
#[expect(clippy::cast_precision_loss, reason = "D1 takes numbers as f64")]
fn bind(arg: &Arg) -> JsValue {
    match arg {
        Arg::Null => JsValue::NULL,
        Arg::Int(number) => JsValue::from_f64(*number as f64),
        Arg::Text(text) => JsValue::from_str(text),
    }
}

fn decode(result: &D1Result) -> Result<Answer, DbError> {
    if let Some(message) = result.error() {
        return Err(DbError::from_message(&message));
    }
    let rows = result.results::<Map<String, Value>>().map_err(|error| broken(&error))?;
    let meta = result.meta().map_err(|error| broken(&error))?;
    let changes = meta.and_then(|meta| meta.changes).unwrap_or(0);
    let rows = rows.into_iter().map(|map| map.into_iter().map(|(key, value)| (key, whole(value))).collect());
    Ok(Answer { rows: rows.collect(), changes: u32::try_from(changes).unwrap_or(u32::MAX) })
}

/// Numbers come back as JavaScript's: one without a fraction is an integer.
#[expect(clippy::cast_possible_truncation, reason = "checked: a whole number within 2^53")]
fn whole(value: Value) -> Value {
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() < 9e15 => {
            Value::from(number as i64)
        }
        _ => value,
    }
}

fn broken(error: &worker::Error) -> DbError {
    DbError::from_message(&error.to_string())
}
