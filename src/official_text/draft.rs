//! What a text holds, as it is answered: the names of members are those of the API.

use super::finding::Finding;
use super::rule::Rule;
use crate::plans::model::ClauseKind;
use chrono::NaiveDate;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A value read from the text, with how sure the reading is and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Found<T> {
    /// What was read.
    pub value: T,
    /// 1 as printed · 0.9 a part taken from beside it · 0.7 matched loosely · 0.5 one of several readings.
    pub confidence: f64,
    /// The words it was read from.
    pub quote: String,
    /// Line of the text, from 1.
    pub line: u32,
    /// Clause, where it stands in one.
    pub clause: Option<String>,
}

/// Kind of an official document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum DocumentKind {
    Plan,
    Decision,
    Guidance,
    Programme,
    Report,
    Submission,
    Notice,
    Circular,
    Decree,
    Resolution,
    Directive,
    Conclusion,
    EmulationLaunch,
    Law,
    OfficialLetter,
    Telegram,
    Other,
}
crate::text_enum!(DocumentKind {
    Plan => "plan", Decision => "decision", Guidance => "guidance", Programme => "programme", Report => "report",
    Submission => "submission", Notice => "notice", Circular => "circular", Decree => "decree", Resolution => "resolution",
    Directive => "directive", Conclusion => "conclusion", EmulationLaunch => "emulation_launch", Law => "law",
    OfficialLetter => "official_letter", Telegram => "telegram", Other => "other",
});

/// Who issued the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Issuer {
    /// Full name, as printed.
    pub name: String,
    /// Short name that the text gives it.
    pub alias: Option<String>,
    /// The body above it, where the header prints one.
    pub superior: Option<String>,
}

/// A short name and what it stands for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Alias {
    /// The short name.
    pub short: String,
    /// What it stands for; null where the text does not say.
    pub long: Option<String>,
    /// True where the text itself defines it.
    pub is_defined: bool,
    /// As for any value read.
    pub confidence: f64,
    /// Where it is defined, or first used.
    pub quote: String,
    /// Line of the text, from 1.
    pub line: u32,
    /// Clause, where it stands in one.
    pub clause: Option<String>,
}

/// A clause; the tree comes flattened, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Clause {
    /// Stable name, such as "II.2.2.2.a", "III.3-1", "III.3-note", "preamble", "closing" or "footnote-1".
    pub reference: String,
    /// What it is.
    pub kind: ClauseKind,
    /// Number, letter or dash as printed.
    pub marker: Option<String>,
    /// Its heading, where it has one.
    pub heading: Option<String>,
    /// Its text, without marker and heading.
    pub text: String,
    /// The clause it stands in.
    pub parent_reference: Option<String>,
    /// First line.
    pub line_from: u32,
    /// Last line of its own text.
    pub line_to: u32,
}

/// How a number and symbol are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CitationStyle {
    /// 81/KH-BCĐ
    Slash,
    /// 141-KH/TU
    Dash,
    /// 124/2021/TT-BCA
    Year,
}

/// One place where the text cites a document.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Citation {
    /// Number and symbol as printed, without stray spaces.
    pub printed: String,
    /// Kind as the words say it, or else as the symbol does.
    pub kind: DocumentKind,
    /// The words before the number, such as "Kết luận".
    pub kind_printed: Option<String>,
    /// Running number.
    pub number: i32,
    /// Year within the number.
    pub year: Option<i32>,
    /// Symbol, such as "HD-BCĐ".
    pub symbol: String,
    /// Who issued it, as printed.
    pub issuer: Option<String>,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// What it is about.
    pub subject: Option<String>,
    /// Clause in which it is cited.
    pub clause: String,
    /// Line of the text, from 1.
    pub line: u32,
    /// How the number is written.
    pub style: CitationStyle,
    /// The words it was read from.
    pub quote: String,
    /// As for any value read.
    pub confidence: f64,
}

/// A cited document with all the places that cite it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CitedDocument {
    /// Each form of its number that is printed, the first one first.
    pub printed: Vec<String>,
    /// Kind.
    pub kind: DocumentKind,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
    /// What it is about.
    pub subject: Option<String>,
    /// Clauses that cite it, in order.
    pub clauses: Vec<String>,
    /// Its citations: places in the list `citations`, from 0.
    pub occurrences: Vec<usize>,
    /// Below 1 where two symbols were taken for one document.
    pub confidence: f64,
}

/// A line of "Nơi nhận".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Recipient {
    /// Place in the list, from 1.
    pub no: u32,
    /// Who, as printed.
    pub name: String,
    /// Line of the text, from 1.
    pub line: u32,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Signatory {
    /// On whose behalf: "TM. BAN CHỈ ĐẠO", "KT. TRƯỞNG BAN", both with " / " between them.
    pub capacity: Option<String>,
    /// Title in the issuing body.
    pub title: Option<String>,
    /// Post held elsewhere, printed below it.
    pub post: Option<String>,
    /// Name.
    pub name: Option<String>,
}

/// A text as read. Every rule starts unconfirmed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Draft {
    /// Running number.
    pub number: Option<Found<i32>>,
    /// Symbol, such as "KH-BCĐ".
    pub symbol: Option<Found<String>>,
    /// Number and symbol, without stray spaces.
    pub document_number: Option<Found<String>>,
    /// Kind; its quote is the printed word.
    pub kind: Option<Found<DocumentKind>>,
    /// Who issued it.
    pub issuer: Option<Found<Issuer>>,
    /// Place of issue.
    pub issue_place: Option<Found<String>>,
    /// Date of issue.
    pub issued_on: Option<Found<NaiveDate>>,
    /// Title.
    pub title: Option<Found<String>>,
    /// Year it is for.
    pub year: Option<Found<i32>>,
    /// Territory, such as "tỉnh Yên Bái".
    pub territory: Option<Found<String>>,
    /// Short names.
    pub aliases: Vec<Alias>,
    /// Clauses, in order.
    pub clauses: Vec<Clause>,
    /// Citations of the preamble.
    pub legal_bases: Vec<Citation>,
    /// Every citation, in order.
    pub citations: Vec<Citation>,
    /// Citations grouped by document.
    pub documents: Vec<CitedDocument>,
    /// Proposed rules, in order.
    pub rules: Vec<Rule>,
    /// Lines of "Nơi nhận", without the archive line.
    pub recipients: Vec<Recipient>,
    /// Archive marks.
    pub archive: Vec<String>,
    /// Who signed.
    pub signatory: Option<Found<Signatory>>,
    /// What a person should look at.
    pub findings: Vec<Finding>,
}
