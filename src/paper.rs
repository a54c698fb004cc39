//! Answers that are files: an official document in the form that was asked for.

use crate::error::AppError;
use crate::official_document::Document;
use crate::reply::Reply;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Form of a document: `docx` to be read and signed, `xlsx` to be counted on with, `csv` to be read by other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PaperFormat {
    #[default]
    Docx,
    Xlsx,
    Csv,
}

/// In which form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct PaperQuery {
    /// Form of the document; `docx` when absent.
    pub format: Option<PaperFormat>,
}

impl PaperFormat {
    fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// Writes a document, off the thread that serves, and answers with the file.
pub async fn reply(document: Document, format: Option<PaperFormat>) -> Result<Reply, AppError> {
    let format = format.unwrap_or_default();
    let name = format!("{}.{}", document.name, format.ending());
    let write = move || match format {
        PaperFormat::Docx => document.docx(),
        PaperFormat::Xlsx => document.xlsx(),
        PaperFormat::Csv => document.csv(),
    };
    let bytes = actix_web::web::block(write).await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    Ok(Reply::file(bytes, format.media_type(), &name))
}
