//! Statements that each connection plans once and keeps. diesel plans every UPDATE and every statement in
//! SQL anew, because their columns might differ from call to call; on PostgreSQL that is a round trip
//! for each. Those of Hikae that are written out whole do not differ.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use super::AnyConnection;

/// A statement whose text is the same whatever is bound to it.
pub(super) struct Prepared<S>(S);

/// Keeps the plan of a statement. Not for one with a list in it, whose text has a place for each element:
/// each length would be kept.
pub(super) const fn prepared<S>(statement: S) -> Prepared<S> {
    Prepared(statement)
}

impl<S: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Prepared<S> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

// Found again by its text.
impl<S> QueryId for Prepared<S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<S: Query> Query for Prepared<S> {
    type SqlType = S::SqlType;
}

impl<S> RunQueryDsl<AnyConnection> for Prepared<S> {}
