//! The one filter by which every read and every list is scoped: a row's unit lies below the scope's path.

use crate::auth::Scope;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};

/// How the database is to go about it; it cannot know how wide a scope is when it plans.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Look up the unit of each row: where few rows are looked at, or most of them are in scope.
    ByRow,
    /// Find the units first, and their rows by an index: where the scope is narrow.
    ByUnits,
}

/// See [`in_scope`] and [`is_in_scope`].
#[derive(Debug, Clone)]
pub struct InScope<'a, C> {
    column: C,
    prefix: &'a str,
    way: Way,
}

/// That a row of a list is in scope.
pub fn in_scope<C>(column: C, scope: &Scope) -> InScope<'_, C> {
    InScope { column, prefix: scope.prefix(), way: if scope.is_wide() { Way::ByRow } else { Way::ByUnits } }
}

/// That one row, found by its key, is in scope.
pub fn is_in_scope<C>(column: C, scope: &Scope) -> InScope<'_, C> {
    InScope { column, prefix: scope.prefix(), way: Way::ByRow }
}

impl<C: Expression> Expression for InScope<'_, C> {
    type SqlType = Bool;
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for InScope<'_, C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self.way {
            Way::ByRow => {
                out.push_sql("starts_with((SELECT path FROM org_units WHERE org_units.id = ");
                self.column.walk_ast(out.reborrow())?;
                out.push_sql("), ");
                out.push_bind_param::<Text, _>(self.prefix)?;
                out.push_sql(")");
            }
            Way::ByUnits => {
                self.column.walk_ast(out.reborrow())?;
                out.push_sql(" IN (SELECT id FROM org_units WHERE starts_with(path, ");
                out.push_bind_param::<Text, _>(self.prefix)?;
                out.push_sql("))");
            }
        }
        Ok(())
    }
}

/// Two ways make two texts, so the text tells statements apart and not the type.
impl<C> QueryId for InScope<'_, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: ValidGrouping<G>, G> ValidGrouping<G> for InScope<'_, C> {
    type IsAggregate = is_aggregate::No;
}

impl<C, QS> AppearsOnTable<QS> for InScope<'_, C> where C: AppearsOnTable<QS> {}
impl<C, QS> SelectableExpression<QS> for InScope<'_, C> where C: SelectableExpression<QS> {}
