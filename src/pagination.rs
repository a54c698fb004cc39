//! Lists: keyset pages, signed cursors, `fields`, and totals on request.

use crate::contract::Contract;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::reply::Reply;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Nullable, SingleValue, SqlType};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

/// Items of a page when `limit` is not given.
pub const DEFAULT_LIMIT: u32 = 50;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Send it as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// How many items there are in all; only with `with_total=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

/// Where an instant is missing: after all there are.
pub const LAST_INSTANT: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(at) => at,
    None => DateTime::<Utc>::MAX_UTC,
};
/// Where a day is missing: after all there are.
pub const LAST_DAY: NaiveDate = LAST_INSTANT.naive_utc().date();

diesel::define_sql_function! {
    /// A value to sort by, or the last one where there is none: a list in its order still holds every row.
    #[sql_name = "coalesce"]
    fn or_last<T: SqlType + SingleValue>(value: Nullable<T>, last: T) -> T;
}

/// The parameters that every list takes.
#[derive(Debug, Clone, Default)]
pub struct PageParams {
    /// Items of a page.
    pub limit: Option<u32>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// Order.
    pub sort: Option<String>,
    /// Members of each item to return.
    pub fields: Option<String>,
    /// Whether to count.
    pub with_total: Option<bool>,
}

/// A type that holds the query of a list; made by [`crate::list_query!`].
pub trait ListQuery {
    /// Members that can be sorted by; `id` always can.
    const SORTS: &'static [&'static str];
    /// The common parameters.
    fn page(&self) -> PageParams;
}

/// Declares the query of a list: the filters, and the parameters that all lists share. A list in which there is no text
/// to look for says `without q`.
#[macro_export]
macro_rules! list_query {
    ($(#[$doc:meta])* $name:ident sort [$($sort:literal),*] { $($filters:tt)* }) => {
        $crate::list_query! {
            $(#[$doc])*
            $name sort [$($sort),*] without q {
                $($filters)*
                /// Text to look for: every syllable must occur, in any order; case and accents do not count.
                #[param(max_length = 200, example = "muong lai")]
                q: String,
            }
        }
    };
    ($(#[$doc:meta])* $name:ident sort [$($sort:literal),*] without q { $($(#[$field_meta:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields, default)]
        #[allow(missing_docs)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Option<$kind>,)*
            /// Items of a page.
            #[param(minimum = 1, maximum = 200, default = 50)]
            pub limit: Option<u32>,
            /// `next_cursor` of the page before; opaque, and bound to the filters and the order.
            #[param(max_length = 2000)]
            pub cursor: Option<String>,
            /// Member to sort by, `-` before it for descending order, then `id` to break ties.
            #[param(max_length = 100, example = "-created_at,id")]
            pub sort: Option<String>,
            /// Members of each item to return, separated by commas; all when absent.
            #[param(max_length = 1000, example = "id,version")]
            pub fields: Option<String>,
            /// Whether to count all items of the list as well.
            pub with_total: Option<bool>,
        }

        impl $crate::pagination::ListQuery for $name {
            const SORTS: &'static [&'static str] = &[$($sort),*];

            fn page(&self) -> $crate::pagination::PageParams {
                $crate::pagination::PageParams {
                    limit: self.limit,
                    cursor: self.cursor.clone(),
                    sort: self.sort.clone(),
                    fields: self.fields.clone(),
                    with_total: self.with_total,
                }
            }
        }
    };
}

/// A page that is asked for, checked.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Items of the page.
    pub limit: u32,
    /// Member to sort by: `id` or one of the list's own.
    pub sort: &'static str,
    /// Whether it goes down.
    pub is_descending: bool,
    /// Whether ties are broken by falling ids.
    pub is_id_descending: bool,
    /// Whether to count.
    pub with_total: bool,
    fields: Option<Vec<String>>,
    after: Option<(Value, Uuid)>,
    digest: [u8; 8],
    secret: Vec<u8>,
}

impl PageRequest {
    /// Checks the common parameters of a list.
    pub fn new(
        params: PageParams,
        sorts: &'static [&'static str],
        asked: (&str, &[(String, String)]),
        secret: &[u8],
    ) -> Result<Self, AppError> {
        let (sort, is_descending, is_id_descending) = parse_sort(params.sort.as_deref(), sorts)?;
        let mut request = Self {
            limit: params.limit.unwrap_or(DEFAULT_LIMIT),
            sort,
            is_descending,
            is_id_descending,
            with_total: params.with_total.unwrap_or(false),
            fields: params.fields.map(|fields| fields.split(',').map(|field| field.trim().to_owned()).collect()),
            after: None,
            digest: digest(asked),
            secret: secret.to_vec(),
        };
        if let Some(cursor) = params.cursor {
            request.after = Some(request.open(&cursor).ok_or_else(|| AppError::new(ErrorCode::CursorInvalid))?);
        }
        Ok(request)
    }

    /// Rows to ask the database for: one more than a page holds tells whether there is a next one.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The sort key and id of the last item of the page before.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<(K, Uuid)>, AppError> {
        self.after
            .as_ref()
            .map(|(key, id)| Ok((serde_json::from_value(key.clone()).map_err(|_| AppError::new(ErrorCode::CursorInvalid))?, *id)))
            .transpose()
    }

    /// Cuts the extra row off and signs the cursor of the next page.
    /// `key` gives the sort member of a row as JSON and its id.
    pub fn finish<R>(&self, mut rows: Vec<R>, key: impl Fn(&R, &str) -> (Value, Uuid)) -> (Vec<R>, Option<String>) {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let cursor = rows.last().filter(|_| has_more).map(|row| self.seal(&key(row, self.sort)));
        (rows, cursor)
    }

    fn mac(&self, payload: &[u8]) -> Vec<u8> {
        // HMAC takes a key of any length; the error type has no case that can occur.
        Hmac::<Sha256>::new_from_slice(&self.secret).map_or_else(
            |_| Vec::new(),
            |mut mac| {
                mac.update(&self.digest);
                mac.update(payload);
                mac.finalize().into_bytes().iter().take(16).copied().collect()
            },
        )
    }

    fn seal(&self, last: &(Value, Uuid)) -> String {
        let payload = serde_json::to_vec(last).unwrap_or_default();
        let mut bytes = self.mac(&payload);
        bytes.extend(payload);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn open(&self, cursor: &str) -> Option<(Value, Uuid)> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (mac, payload) = bytes.split_at_checked(16)?;
        crate::auth::token::hashes_equal(mac, &self.mac(payload)).then_some(())?;
        serde_json::from_slice(payload).ok()
    }

    /// The page as an answer, with only the members asked for.
    pub fn reply<T: Serialize + ToSchema>(
        &self,
        items: Vec<T>,
        next_cursor: Option<String>,
        total: Option<i64>,
    ) -> Result<Reply, AppError> {
        let Some(fields) = &self.fields else {
            let count = items.len();
            return Reply::page(&Page { items, next_cursor, total }, count);
        };
        let known = Contract::get().properties(&T::name());
        let unknown: Vec<FieldError> = fields
            .iter()
            .filter(|field| !known.contains(field))
            .map(|field| {
                FieldError::new(
                    "?fields",
                    "unknown_field",
                    message(format!("Không có trường “{field}”."), format!("There is no field “{field}”.")),
                )
            })
            .collect();
        if !unknown.is_empty() {
            return Err(AppError { errors: unknown, ..AppError::new(ErrorCode::InvalidParameter) });
        }
        let mut items = serde_json::to_value(items).map_err(AppError::internal)?;
        for item in items.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            item.retain(|name, _| fields.contains(name));
        }
        let items = items.as_array_mut().map(std::mem::take).unwrap_or_default();
        Reply::plain(&Page { items, next_cursor, total })
    }
}

fn parse_sort(text: Option<&str>, sorts: &'static [&'static str]) -> Result<(&'static str, bool, bool), AppError> {
    let Some(text) = text else { return Ok(("id", false, false)) };
    let bad = || {
        let known = sorts.join(", ");
        AppError::new(ErrorCode::InvalidParameter).with_field(FieldError::new(
            "?sort",
            "not_allowed",
            message(format!("Chỉ sắp xếp được theo: id, {known}."), format!("Sort by one of: id, {known}.")),
        ))
    };
    let part = |text: &str| {
        let (name, is_descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let known = if name == "id" { Some("id") } else { sorts.iter().copied().find(|sort| *sort == name) };
        known.map(|name| (name, is_descending)).ok_or_else(bad)
    };
    match text.split_once(',') {
        None => part(text).map(|(name, is_descending)| (name, is_descending, is_descending)),
        Some((first, second)) => match (part(first)?, part(second)?) {
            ((name, is_descending), ("id", is_id_descending)) if name != "id" => Ok((name, is_descending, is_id_descending)),
            _ => Err(bad()),
        },
    }
}

/// What a cursor is bound to: the list, and every parameter but those that may change from page to page.
fn digest((path, pairs): (&str, &[(String, String)])) -> [u8; 8] {
    let mut bound: Vec<&(String, String)> =
        pairs.iter().filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit" | "fields" | "with_total")).collect();
    bound.sort();
    let mut hash = Sha256::new();
    hash.update(path.as_bytes());
    hash.update([0]);
    for (name, value) in bound {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(value.as_bytes());
        hash.update([0]);
    }
    let mut digest = [0; 8];
    digest.iter_mut().zip(hash.finalize()).for_each(|(target, byte)| *target = byte);
    digest
}

/// Orders a boxed query and goes on after the cursor, for one column.
#[macro_export]
macro_rules! keyset_column {
    ($query:expr, $page:expr, $column:expr, $kind:ty, $id:expr) => {{
        let mut query = $query;
        if let Some((key, id)) = $page.after::<$kind>()? {
            query = match ($page.is_descending, $page.is_id_descending) {
                (false, false) => query.filter($column.ge(key.clone())).filter($column.gt(key).or($id.gt(id))),
                (false, true) => query.filter($column.ge(key.clone())).filter($column.gt(key).or($id.lt(id))),
                (true, false) => query.filter($column.le(key.clone())).filter($column.lt(key).or($id.gt(id))),
                (true, true) => query.filter($column.le(key.clone())).filter($column.lt(key).or($id.lt(id))),
            };
        }
        match ($page.is_descending, $page.is_id_descending) {
            (false, false) => query.order_by(($column.asc(), $id.asc())),
            (false, true) => query.order_by(($column.asc(), $id.desc())),
            (true, false) => query.order_by(($column.desc(), $id.asc())),
            (true, true) => query.order_by(($column.desc(), $id.desc())),
        }
    }};
}

/// Orders a boxed query by the member asked for and goes on after the cursor.
/// `keyset!(query, page, table::id, { "name" => table::name => String, … })`
#[macro_export]
macro_rules! keyset {
    ($query:expr, $page:expr, $id:expr, { $($name:literal => $column:expr => $kind:ty),* $(,)? }) => {{
        let query = $query;
        match $page.sort {
            $($name => $crate::keyset_column!(query, $page, $column, $kind, $id),)*
            _ => {
                let mut query = query;
                if let Some((_, id)) = $page.after::<serde_json::Value>()? {
                    query = if $page.is_descending { query.filter($id.lt(id)) } else { query.filter($id.gt(id)) };
                }
                if $page.is_descending { query.order_by($id.desc()) } else { query.order_by($id.asc()) }
            }
        }.limit($page.rows())
    }};
}
