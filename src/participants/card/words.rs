//! What stands on a card.

use crate::auth::token::Keys;
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::error::AppError;
use crate::official_document::cards::{Card, Qr};
use crate::org_units::letterhead::Letterhead;
use crate::participants::model::Participant;
use crate::participants::pass::Pass;
use crate::sites::model::Site;
use qrcode::{Color, EcLevel, QrCode};

/// What all cards of a site have in common.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// The site.
    pub site: Site,
    /// Its campaign.
    pub campaign: Campaign,
    /// The body that invites.
    pub letterhead: Letterhead,
}

impl Occasion {
    /// The card of a guest who was invited; the code is the signed pass.
    pub fn card(&self, guest: &Participant, keys: &Keys) -> Result<Card, AppError> {
        let pass = Pass { site_id: guest.site_id, participant_id: guest.id }.sign(keys)?;
        let Participant { full_name, title, organisation, representative_name, invitation_no, .. } = guest;
        let post: Vec<&str> = [title, organisation].into_iter().flatten().map(String::as_str).collect();
        let Site { name, address, .. } = &self.site;
        Ok(Card {
            superior: self.letterhead.above.as_ref().map(|above| above.name.clone()),
            issuer: self.letterhead.unit.name.clone(),
            number: format!("Số: {:02}/GM", invitation_no.unwrap_or_default()),
            guest: full_name.clone(),
            post: (!post.is_empty()).then(|| post.join(", ")),
            representative: representative_name.as_ref().map(|name| format!("Đại diện: {name}")),
            occasion: self.campaign.name.clone(),
            time: self.site.starts_at.map_or_else(|| "…".to_owned(), clock::local_text),
            place: address.as_ref().map_or_else(|| name.clone(), |address| format!("{name}, {address}")),
            signature: self.letterhead.signature(None).title,
            qr: code(&pass)?,
        })
    }
}

/// The code of a text, error correction M: a folded card can be read.
fn code(text: &str) -> Result<Qr, AppError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(AppError::internal)?;
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Qr { side: code.width(), dark })
}
