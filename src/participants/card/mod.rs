//! Invitation cards: what a guest gets in the hand, as a page to print (HTML) or to edit first (DOCX).
//!
//! Pure but for the handlers: a card is words and a code, made by [`words`], written by [`html`] and [`docx`](crate::official_document::cards).

pub mod handlers;
pub mod html;
pub mod words;
