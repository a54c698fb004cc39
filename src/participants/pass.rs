//! The pass of a guest: the text in the QR code of an invitation. Signed, so that a device without signal knows it from a
//! forged one with the keys of `/.well-known/jwks.json`.
//!
//! A compact JWS (RFC 7515, EdDSA by RFC 8037) with three claims: `aud`, always `check-in-pass`; `sub`, the guest; `site`.
//! It names nobody. It does not expire: what it opens is decided at the door, by the state of guest and site.

use crate::auth::token::Keys;
use crate::error::AppError;
use crate::ids::{ParticipantId, SiteId};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::{Deserialize, Serialize};

/// Neither the audience nor the type of an access token: neither is ever taken for the other.
const AUDIENCE: &str = "check-in-pass";
const TOKEN_TYPE: &str = "pass+jwt";
/// Side of the picture at least, in units of its `viewBox`.
const SIDE: u32 = 240;

/// Who may come in where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Site where the guest is invited.
    pub site_id: SiteId,
    /// The guest.
    pub participant_id: ParticipantId,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: ParticipantId,
    site: SiteId,
}

impl Pass {
    /// The signed text; the same for the same guest, so that a card printed again is no other card.
    pub fn sign(self, keys: &Keys) -> Result<String, AppError> {
        let claims = Claims { aud: AUDIENCE.to_owned(), sub: self.participant_id, site: self.site_id };
        keys.sign_as(TOKEN_TYPE, &claims).map_err(AppError::internal)
    }

    /// The pass in a text that this service signed as one; nothing for any other text.
    pub fn verify(keys: &Keys, text: &str) -> Option<Self> {
        let Claims { aud: _, sub, site } = keys.verify_as(TOKEN_TYPE, AUDIENCE, text)?;
        Some(Self { site_id: site, participant_id: sub })
    }
}

/// The text as a QR code (ISO/IEC 18004, error correction M: a folded card can be read), an SVG picture.
pub fn qr_svg(text: &str) -> Result<String, AppError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(AppError::internal)?;
    Ok(code.render::<svg::Color>().min_dimensions(SIDE, SIDE).build())
}

#[cfg(test)]
mod tests {
    use super::{Pass, qr_svg};
    use crate::auth::token::{Keys, SubjectKind};
    use crate::ids::{ParticipantId, SiteId};
    use jsonwebtoken::jwk::Jwk;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation};
    use uuid::Uuid;

    fn keys() -> Keys {
        let folder = std::env::temp_dir().join(format!("ngayhoi-pass-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let keys = Keys::load_or_create(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        keys
    }

    fn pass() -> Pass {
        Pass { site_id: SiteId::new(), participant_id: ParticipantId::new() }
    }

    #[test]
    fn a_pass_is_read_back_and_is_the_same_text_each_time() {
        let (keys, pass) = (keys(), pass());
        let text = pass.sign(&keys).unwrap();
        assert_eq!(Pass::verify(&keys, &text), Some(pass));
        assert_eq!(pass.sign(&keys).unwrap(), text);
    }

    #[test]
    fn a_pass_is_no_access_token_and_an_access_token_is_no_pass() {
        let keys = keys();
        assert!(keys.verify(&pass().sign(&keys).unwrap()).is_none());
        let token = keys.sign(SubjectKind::User, Uuid::now_v7(), Uuid::now_v7(), "commune", 900).unwrap();
        assert!(keys.verify(&token).is_some());
        assert_eq!(Pass::verify(&keys, &token), None);
    }

    #[test]
    fn what_another_key_signed_or_somebody_changed_is_no_pass() {
        let (ours, theirs, pass) = (keys(), keys(), pass());
        assert_eq!(Pass::verify(&ours, &pass.sign(&theirs).unwrap()), None);
        let (mine, other) = (pass.sign(&ours).unwrap(), self::pass().sign(&ours).unwrap());
        let part = |text: &str, no: usize| text.split('.').nth(no).unwrap().to_owned();
        let mixed = format!("{}.{}.{}", part(&mine, 0), part(&other, 1), part(&mine, 2));
        assert_eq!(Pass::verify(&ours, &mixed), None);
        for text in ["", ".", "..", "not a pass"] {
            assert_eq!(Pass::verify(&ours, text), None);
        }
    }

    #[test]
    fn a_device_reads_a_pass_with_the_published_key_alone() {
        let (keys, pass) = (keys(), pass());
        let jwk: Jwk = serde_json::from_value(keys.jwk()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["aud"]);
        validation.set_audience(&["check-in-pass"]);
        let text = pass.sign(&keys).unwrap();
        let read = jsonwebtoken::decode::<serde_json::Value>(&text, &DecodingKey::from_jwk(&jwk).unwrap(), &validation).unwrap();
        assert_eq!(read.header.kid, jwk.common.key_id);
        assert_eq!(read.claims["sub"], pass.participant_id.to_string());
        assert_eq!(read.claims["site"], pass.site_id.to_string());
    }

    #[test]
    fn the_text_fits_a_qr_code_that_is_an_svg_picture() {
        let keys = keys();
        let svg = qr_svg(&pass().sign(&keys).unwrap()).unwrap();
        assert!(svg.contains("<svg"), "{svg}");
        assert!(qr_svg(&"x".repeat(5_000)).is_err());
    }
}
