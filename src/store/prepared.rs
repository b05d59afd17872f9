//! Statements that each connection plans once and keeps. diesel plans every UPDATE and every statement in
//! SQL anew, because their columns might differ from call to call; on PostgreSQL that is a round trip
//! for each. Those of Hikae that are written out whole do not differ. A SELECT is planned once in any
//! case; here it is also found without its text.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::Integer;

use super::AnyConnection;

/// A statement whose text is the same whatever is bound to it. One that says nothing [`run`]s; what it
/// returns, [`Prepared::row`] and [`Prepared::rows`] read, and how many rows it wrote is how many it
/// returns.
///
/// [`run`]: Prepared::run
pub(super) struct Prepared<S>(S);

/// Keeps the plan of a statement. Not for one with a list in it, whose text has a place for each element:
/// each length would be kept.
pub(super) const fn prepared<S>(statement: S) -> Prepared<S> {
    Prepared(statement)
}

/// On the database itself: what stands for either of them writes the text of a statement down four
/// times before it finds its plan.
macro_rules! on {
    ($conn:ident, $kept:ident.$load:ident()) => {
        match $conn {
            AnyConnection::Sqlite(conn) => RunQueryDsl::$load($kept, conn),
            AnyConnection::Postgres(conn) => RunQueryDsl::$load($kept, conn),
        }
    };
}

impl<S> Prepared<S> {
    /// Runs a statement that returns no rows.
    pub fn run<'q>(self, conn: &mut AnyConnection) -> QueryResult<()>
    where
        Kept<S, Nothing>: LoadQuery<'q, SqliteConnection, i32> + LoadQuery<'q, PgConnection, i32>,
    {
        // Not `execute`, which asks a reference to the statement whether the plan may be kept; that
        // answers for what is inside.
        let kept = Kept { statement: self.0, returns: PhantomData::<Nothing> };
        let none: Vec<i32> = on!(conn, kept.load())?;
        debug_assert!(none.is_empty(), "a statement returned rows that nobody reads");
        Ok(())
    }

    /// All rows that it returns.
    pub fn rows<'q, R>(self, conn: &mut AnyConnection) -> QueryResult<Vec<R>>
    where
        Kept<S, Itself>: LoadQuery<'q, SqliteConnection, R> + LoadQuery<'q, PgConnection, R>,
    {
        let kept = Kept { statement: self.0, returns: PhantomData::<Itself> };
        on!(conn, kept.load())
    }

    /// The row that it returns.
    pub fn row<'q, R>(self, conn: &mut AnyConnection) -> QueryResult<R>
    where
        Kept<S, Itself>: LoadQuery<'q, SqliteConnection, R> + LoadQuery<'q, PgConnection, R>,
    {
        let kept = Kept { statement: self.0, returns: PhantomData::<Itself> };
        on!(conn, kept.get_result())
    }
}

/// A statement as diesel sees it, and what it returns.
pub(super) struct Kept<S, R> {
    statement: S,
    returns: PhantomData<R>,
}

/// Returns no rows.
pub(super) struct Nothing;

/// Returns what the statement itself says.
pub(super) struct Itself;

impl<S: QueryFragment<DB>, R, DB: Backend> QueryFragment<DB> for Kept<S, R> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.statement.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

// What diesel can tell apart by its type, it finds again by that, and the rest by its text.
impl<S: QueryId, R: 'static> QueryId for Kept<S, R> {
    type QueryId = Kept<S::QueryId, R>;
    const HAS_STATIC_QUERY_ID: bool = S::HAS_STATIC_QUERY_ID;
}

impl<S> Query for Kept<S, Nothing> {
    type SqlType = Integer;
}

impl<S: Query> Query for Kept<S, Itself> {
    type SqlType = S::SqlType;
}

impl<S, R, C: Connection> RunQueryDsl<C> for Kept<S, R> {}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::sql_types::BigInt;

    use super::super::schema::rate_windows::dsl::{bucket, ends_at, hits, rate_windows};
    use super::*;

    /// A connection, and what it has planned.
    fn connection() -> (AnyConnection, Arc<Mutex<Vec<String>>>) {
        let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
        sqlite.batch_execute("CREATE TABLE rate_windows (bucket TEXT PRIMARY KEY, hits INT, ends_at BIGINT)").unwrap();
        let planned = Arc::<Mutex<Vec<String>>>::default();
        let plans = planned.clone();
        sqlite.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { sql, .. } = event {
                plans.lock().unwrap().push(sql.to_owned());
            }
        });
        (AnyConnection::Sqlite(sqlite), planned)
    }

    #[test]
    fn a_statement_is_planned_once_and_its_plan_is_kept() {
        let (mut conn, planned) = connection();
        for name in ["one", "two", "three"] {
            let new = diesel::sql_query("INSERT INTO rate_windows (bucket, hits, ends_at) VALUES ($1, 1, $2)");
            prepared(new.bind::<diesel::sql_types::Text, _>(name).bind::<BigInt, _>(7)).run(&mut conn).unwrap();
            prepared(diesel::update(rate_windows.find(name)).set(hits.eq(hits + 1))).run(&mut conn).unwrap();
            let update = diesel::update(rate_windows.find(name)).set(ends_at.eq(9)).returning((bucket, hits));
            let row: (String, i32) = prepared(update).row(&mut conn).unwrap();
            assert_eq!(row, (name.to_owned(), 2));
            let update = diesel::update(rate_windows.filter(hits.ge(2))).set(ends_at.eq(3)).returning(hits);
            assert!(!prepared(update).rows::<i32>(&mut conn).unwrap().is_empty());
        }
        let planned = planned.lock().unwrap();
        assert_eq!(planned.len(), 4, "{planned:?}");
    }
}
