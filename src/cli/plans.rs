//! Plans from the command line: for who has the file and the machine.

use super::Outcome;
use crate::auth::Scope;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Language;
use crate::events;
use crate::official_text::{Draft, Format};
use crate::plans::handlers::event;
use crate::plans::import::{self, Place};
use std::path::Path;
use uuid::Uuid;

/// What a file holds; its form is told by its name.
pub fn read(file: &Path) -> Outcome<Draft> {
    let format = match file.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase).as_deref() {
        Some("txt") => Format::PlainText,
        Some("docx") => Format::Docx,
        Some("pdf") => Format::Pdf,
        _ => return Err(format!("{}: a plan is a .txt, .docx or .pdf file", file.display()).into()),
    };
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(import::read(&bytes, format)?)
}

/// Makes a draft of what was read, and prints its id.
pub async fn keep(db: &Db, reading: &Draft, place: Place) -> Outcome<()> {
    let scope = Scope::system("a plan is imported from the command line");
    let now = Clock::default().now();
    let (plan, parts) = import::draft(reading, place, now).map_err(said)?;
    let kept = db.transaction(async |conn| {
        import::keep(conn, (&scope, &scope, &scope), &plan, &parts).await?;
        // Done by who has the machine, and so by no account.
        events::queries::insert(conn, event(&plan, "created", None), Uuid::nil(), now).await
    });
    kept.await.map_err(said)?;
    println!("{}", plan.id);
    Ok(())
}

/// An error of the API as a line for the terminal.
fn said(error: crate::error::AppError) -> String {
    let fields = error.errors.iter().map(|field| format!("{} {}", field.pointer, field.message.in_language(Language::Vi)));
    let title = error.code.title().in_language(Language::Vi);
    std::iter::once(title).chain(fields).collect::<Vec<_>>().join("\n  ")
}
