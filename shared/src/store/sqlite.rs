//! The native twin of D1: the same statements on SQLite, in memory or in a file.
//!
//! It differs from D1 in nothing that statements can see: numbers are bound as REAL, a batch is one transaction, and
//! error texts are SQLite's own. It also counts calls, and can be told at which of them the
//! process ends.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    path::Path,
    rc::Rc,
};

use rusqlite::{
    Connection, ErrorCode, OpenFlags, StatementStatus,
    config::DbConfig,
    types::{Value as SqlValue, ValueRef},
};
use serde_json::Value;

use super::{Answer, Arg, Columns, Db, DbError, Row, Stmt};

/// The migrations, in order, as they stand in `shared/migrations`.
pub const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_conversations.sql"),
    include_str!("../../migrations/0002_disclosed.sql"),
    include_str!("../../migrations/0003_attention.sql"),
    include_str!("../../migrations/0004_planned.sql"),
    include_str!("../../migrations/0005_appointments.sql"),
    include_str!("../../migrations/0006_versions.sql"),
    include_str!("../../migrations/0007_booked_for.sql"),
    include_str!("../../migrations/0008_runs.sql"),
    include_str!("../../migrations/0009_promises.sql"),
    include_str!("../../migrations/0010_due.sql"),
    include_str!("../../migrations/0011_heard.sql"),
    include_str!("../../migrations/0012_tags.sql"),
    include_str!("../../migrations/0013_pending_to.sql"),
    include_str!("../../migrations/0014_team.sql"),
    include_str!("../../migrations/0015_notices.sql"),
    include_str!("../../migrations/0016_people.sql"),
    include_str!("../../migrations/0017_people_more.sql"),
    include_str!("../../migrations/0018_work.sql"),
    include_str!("../../migrations/0019_search.sql"),
    include_str!("../../migrations/0020_handoff.sql"),
    include_str!("../../migrations/0021_notify.sql"),
    include_str!("../../migrations/0022_webhooks.sql"),
    include_str!("../../migrations/0023_files.sql"),
    include_str!("../../migrations/0024_settings.sql"),
    include_str!("../../migrations/0025_sources.sql"),
];

/// How many prepared statements are kept: more than the product has, so that each is prepared once.
const STATEMENTS: usize = 256;

/// How many arguments D1 takes: <https://developers.cloudflare.com/d1/platform/limits/>.
const MAX_ARGS: usize = 100;

/// Where a process ends on purpose: see [`Sqlite::crash`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Before the call does anything.
    Before,
    /// After it is done, before the caller hears of it.
    After,
}

/// What was asked of a [`Sqlite`], and what it answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The statements: those of a batch, or one that ran by itself.
    pub stmts: Vec<Stmt>,
    /// Their answers, or why nothing was written.
    pub answers: Result<Vec<Answer>, DbError>,
}

/// A database on SQLite.
pub struct Sqlite {
    connection: RefCell<Connection>,
    crash: Cell<Option<(u32, Break)>>,
    is_down: Cell<bool>,
    calls: Cell<u32>,
    batches: Cell<u32>,
    recording: RefCell<Option<Vec<Recorded>>>,
    /// The columns of the statements that were run, by their text.
    columns: RefCell<HashMap<&'static str, Columns>>,
}

impl Sqlite {
    /// An empty database in memory, migrated.
    pub fn in_memory() -> Result<Self, DbError> {
        // A file that lies in memory: `:memory:` keeps all its pages in one cache, whose every slot is visited at the
        // end of a transaction that has moved pages.
        let opened = Connection::open_with_flags_and_vfs("private", OpenFlags::default(), c"memdb");
        let connection = opened.map_err(|error| broken(&error))?;
        // Fewer pages to look after for each transaction; it shows in no answer.
        connection.execute_batch("PRAGMA page_size = 8192").map_err(|error| broken(&error))?;
        Self::with(connection)
    }

    /// A database in a file, migrated if it is new.
    pub fn open(path: &Path) -> Result<Self, DbError> {
        Self::with(Connection::open(path).map_err(|error| broken(&error))?)
    }

    fn with(connection: Connection) -> Result<Self, DbError> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A plan that depends on bound values is made anew whenever one is bound.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| broken(&error))?;
        connection.execute_batch("PRAGMA foreign_keys = ON").map_err(|error| broken(&error))?;
        let version: u32 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|error| broken(&error))?;
        for (index, sql) in MIGRATIONS.iter().enumerate().skip(version as usize) {
            let sql = format!("BEGIN;\n{sql}\nPRAGMA user_version = {};\nCOMMIT;", index + 1);
            connection.execute_batch(&sql).map_err(|error| broken(&error))?;
        }
        Ok(Self {
            connection: RefCell::new(connection),
            crash: Cell::new(None),
            is_down: Cell::new(false),
            calls: Cell::new(0),
            batches: Cell::new(0),
            recording: RefCell::new(None),
            columns: RefCell::default(),
        })
    }

    /// Ends the process at the call (a query, a batch, or whatever else [`Sqlite::call`] was told of) that is `after`
    /// calls from now (0: the next one). From there on nothing answers any more until [`Sqlite::restart`].
    pub fn crash(&self, after: u32, how: Break) {
        self.crash.set(Some((self.calls.get() + after, how)));
    }

    /// No process ends any more that has not ended yet: takes back what [`Sqlite::crash`] asked for.
    pub fn spare(&self) {
        self.crash.set(None);
        self.restart();
    }

    /// A new process: it is answered again.
    pub fn restart(&self) {
        self.is_down.set(false);
    }

    /// How many calls were begun.
    pub fn calls(&self) -> u32 {
        self.calls.get()
    }

    /// Counts a call, the caller's own ones to elsewhere included, and says whether and where the process ends at it.
    pub fn call(&self) -> Option<Break> {
        let number = self.calls.get();
        self.calls.set(number + 1);
        if self.is_down.get() {
            return Some(Break::Before);
        }
        let how = self.crash.get().filter(|(at, _)| *at == number).map(|(_, how)| how);
        self.is_down.set(how.is_some());
        how
    }

    /// Counts a call and makes it, unless the process ends before.
    fn calling<T>(&self, make: impl FnOnce() -> Result<T, DbError>) -> Result<T, DbError> {
        match self.call() {
            None => make(),
            Some(Break::Before) => Err(DbError::Unavailable("ended on purpose before the call".into())),
            Some(Break::After) => {
                let _ = make();
                Err(DbError::Unavailable("ended on purpose after the call".into()))
            }
        }
    }

    /// How many batches were begun.
    pub fn batches(&self) -> u32 {
        self.batches.get()
    }

    /// Remembers from now on, in order, everything that is asked and answered.
    pub fn record(&self) {
        self.recording.replace(Some(Vec::new()));
    }

    /// What was asked and answered since [`Sqlite::record`], and the end of the recording.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.recording.take().unwrap_or_default()
    }

    fn remember(&self, stmts: &[Stmt], answers: impl FnOnce() -> Result<Vec<Answer>, DbError>) {
        if let Some(recording) = self.recording.borrow_mut().as_mut() {
            recording.push(Recorded { stmts: stmts.to_vec(), answers: answers() });
        }
    }

    /// How SQLite would run a statement: the lines of `EXPLAIN QUERY PLAN`.
    pub fn explain(&self, sql: &str) -> Result<Vec<String>, DbError> {
        let connection = self.connection.borrow();
        let mut prepared =
            connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).map_err(|error| broken(&error))?;
        let count = prepared.parameter_count();
        let nulls = vec![SqlValue::Null; count];
        let rows = prepared
            .query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3))
            .map_err(|error| broken(&error))?;
        rows.collect::<Result<_, _>>().map_err(|error| broken(&error))
    }

    /// How many steps SQLite's machine takes to run a statement: what it costs, whatever the clock says.
    pub fn steps(&self, stmt: &Stmt) -> Result<i32, DbError> {
        let connection = self.connection.borrow();
        let mut prepared = connection.prepare(stmt.sql).map_err(|error| broken(&error))?;
        let mut rows = prepared
            .query(rusqlite::params_from_iter(stmt.args.iter().map(bind)))
            .map_err(|error| broken(&error))?;
        while rows.next().map_err(|error| broken(&error))?.is_some() {}
        drop(rows);
        Ok(prepared.get_status(StatementStatus::VmStep))
    }

    /// Runs a statement and gives its rows and change count, outside of any batch.
    pub fn run(&self, stmt: &Stmt) -> Result<Answer, DbError> {
        let answer = self.execute(&self.connection.borrow(), stmt);
        self.remember(std::slice::from_ref(stmt), || answer.clone().map(|answer| vec![answer]));
        answer
    }

    fn execute(&self, connection: &Connection, stmt: &Stmt) -> Result<Answer, DbError> {
        if stmt.args.len() > MAX_ARGS {
            let words = format!("variable number must be between ?1 and ?{MAX_ARGS}");
            return Err(DbError::from_message(&format!("{words}: SQLITE_ERROR")));
        }
        let mut prepared = connection.prepare_cached(stmt.sql).map_err(|error| broken(&error))?;
        let known = self.columns.borrow().get(stmt.sql).cloned();
        let columns = known.unwrap_or_else(|| {
            let columns: Columns = prepared.column_names().into_iter().map(Box::from).collect();
            self.columns.borrow_mut().insert(stmt.sql, Rc::clone(&columns));
            columns
        });
        let before = connection.total_changes();
        let mut rows = prepared
            .query(rusqlite::params_from_iter(stmt.args.iter().map(bind)))
            .map_err(|error| broken(&error))?;
        let mut answer = Answer::default();
        while let Some(row) = rows.next().map_err(|error| broken(&error))? {
            let values =
                (0..columns.len()).map(|index| row.get_ref(index).map(json)).collect::<Result<_, _>>();
            answer.rows.push(Row::new(Rc::clone(&columns), values.map_err(|error| broken(&error))?));
        }
        drop(rows);
        answer.changes = u32::try_from(connection.total_changes() - before).unwrap_or(u32::MAX);
        Ok(answer)
    }

    fn transact(&self, stmts: &[Stmt]) -> Result<Vec<Answer>, DbError> {
        let connection = self.connection.borrow();
        if let [stmt] = stmts {
            // A statement is a transaction by itself.
            return self.execute(&connection, stmt).map(|answer| vec![answer]);
        }
        command(&connection, "BEGIN")?;
        let answers = stmts.iter().map(|stmt| self.execute(&connection, stmt)).collect::<Result<Vec<_>, _>>();
        let written = answers.and_then(|answers| command(&connection, "COMMIT").map(|()| answers));
        // Some failures end the transaction by themselves.
        if written.is_err() && !connection.is_autocommit() {
            command(&connection, "ROLLBACK")?;
        }
        written
    }
}

impl Db for Sqlite {
    async fn query(&self, stmt: &Stmt) -> Result<Answer, DbError> {
        self.calling(|| self.run(stmt))
    }

    async fn batch(&self, stmts: &[Stmt]) -> Result<Vec<Answer>, DbError> {
        self.batches.set(self.batches.get() + 1);
        self.calling(|| {
            let answers = self.transact(stmts);
            self.remember(stmts, || answers.clone());
            answers
        })
    }
}

/// Begins or ends a transaction.
fn command(connection: &Connection, sql: &'static str) -> Result<(), DbError> {
    let mut prepared = connection.prepare_cached(sql).map_err(|error| broken(&error))?;
    prepared.execute([]).map(drop).map_err(|error| broken(&error))
}

/// D1 binds every number as a REAL; a whole one becomes an INTEGER again in a STRICT table's column.
#[expect(clippy::cast_precision_loss, reason = "exactly what D1 does: numbers are JavaScript's")]
fn bind(arg: &Arg) -> SqlValue {
    match arg {
        Arg::Null => SqlValue::Null,
        Arg::Int(number) => SqlValue::Real(*number as f64),
        Arg::Text(text) => SqlValue::Text(text.clone()),
    }
}

/// A number comes back from D1 as JavaScript's: a REAL without a fraction is an integer.
#[expect(clippy::cast_possible_truncation, reason = "checked: a whole number within 2^53")]
fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Value::from(number as i64),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(bytes) => {
            str::from_utf8(bytes).map_or_else(|_| Value::from(String::from_utf8_lossy(bytes)), Value::from)
        }
        ValueRef::Blob(bytes) => Value::from(bytes.to_vec()),
    }
}

/// D1 tells an error as SQLite's words and the name of its code.
fn broken(error: &rusqlite::Error) -> DbError {
    let (words, code) = match error {
        rusqlite::Error::SqliteFailure(code, words) => (words.clone().unwrap_or_default(), Some(code)),
        rusqlite::Error::SqlInputError { error, msg, offset, .. } if *offset >= 0 => {
            (format!("{msg} at offset {offset}"), Some(error))
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => (msg.clone(), Some(error)),
        other => (other.to_string(), None),
    };
    let name = match code.map(|code| code.code) {
        Some(ErrorCode::ConstraintViolation) => "SQLITE_CONSTRAINT",
        Some(ErrorCode::DiskFull) => "SQLITE_FULL",
        Some(ErrorCode::TooBig) => "SQLITE_TOOBIG",
        _ => "SQLITE_ERROR",
    };
    DbError::from_message(&format!("{words}: {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables and indexes that migrations make, in the order that is given.
    fn schema(migrations: &[&str]) -> Vec<(String, Option<String>)> {
        let connection = Connection::open_in_memory().unwrap();
        for sql in migrations {
            connection.execute_batch(sql).unwrap();
        }
        let mut made = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name, sql").unwrap();
        let rows = made.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn every_migration_of_the_directory_is_listed_once_in_the_order_of_their_numbers() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut files: Vec<_> =
            std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let texts: Vec<_> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        assert_eq!(MIGRATIONS, texts);
        let numbers: Vec<_> =
            files.iter().map(|file| file.file_name().unwrap().to_string_lossy()[..4].to_owned()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    }

    #[test]
    fn the_webhooks_may_come_to_a_database_that_has_later_migrations() {
        let (webhooks, mut late): (Vec<_>, Vec<_>) =
            MIGRATIONS.iter().copied().partition(|sql| sql.contains("CREATE TABLE webhooks"));
        assert_eq!(webhooks.len(), 1);
        late.extend(webhooks);
        assert_eq!(schema(&late), schema(MIGRATIONS));
    }
}
