//! What a phone number and an e-mail address look like, how they are kept and how they are masked.

use super::dto::ParticipantContactsIn;
use super::model::Contacts;
use crate::error::{AppError, FieldError, message};
use crate::ids::{CampaignId, ParticipantId};
use chrono::{DateTime, Utc};

/// What stands for the digits and letters that are not shown; always as many, so that nothing is told by their number.
const HIDDEN: &str = "•••••";

/// A phone number as E.164 (ITU-T): of the national form, a mobile number of 10 digits from 03, 05, 07, 08, 09 or a landline of 11
/// from 02; a number of another country as it is. None where it is no number.
pub fn e164(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national = match (text.trim_start().starts_with('+'), digits.strip_prefix("84")) {
        (true, Some(rest)) => rest.to_owned(),
        (true, None) => {
            let is_number = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
            return is_number.then(|| format!("+{digits}"));
        }
        (false, _) => digits.strip_prefix('0')?.to_owned(),
    };
    let is_mobile = national.len() == 9 && national.starts_with(['3', '5', '7', '8', '9']);
    let is_landline = national.len() == 10 && national.starts_with('2');
    (is_mobile || is_landline).then(|| format!("+84{national}"))
}

/// A phone number with the country code and the last three digits: `+84•••••678`.
pub fn mask_phone(phone: &str) -> String {
    let code = if phone.starts_with("+84") { 3 } else { 2 };
    format!("{}{HIDDEN}{}", phone.get(..code).unwrap_or_default(), phone.get(phone.len().saturating_sub(3)..).unwrap_or_default())
}

/// An e-mail address with the first letter and the domain: `a•••••@example.org`.
pub fn mask_email(email: &str) -> String {
    let (name, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}{HIDDEN}@{domain}")
}

/// What a body says, ready to be kept; 422 where nothing is given, or a number is none.
pub fn parse(
    (campaign_id, participant_id): (CampaignId, ParticipantId),
    body: &ParticipantContactsIn,
    before: Option<&Contacts>,
    now: DateTime<Utc>,
) -> Result<Contacts, AppError> {
    if body.phone.is_none() && body.email.is_none() {
        let text = message("Nhập số điện thoại, thư điện tử hoặc cả hai.", "Give a phone number, an e-mail address or both.");
        return Err(AppError::field(FieldError::new("/phone", "required", text)));
    }
    let phone = body.phone.as_deref().map(|text| {
        e164(text).ok_or_else(|| {
            let text = message(
                "Không phải số điện thoại: di động 10 chữ số, cố định 11 chữ số, hoặc dạng quốc tế bắt đầu bằng +.",
                "It is no phone number: 10 digits of a mobile, 11 of a landline, or the international form beginning with +.",
            );
            AppError::field(FieldError::new("/phone", "phone", text))
        })
    });
    Ok(Contacts {
        campaign_id,
        participant_id,
        phone: phone.transpose()?,
        email: body.email.clone(),
        version: before.map_or(1, |before| before.version + 1),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
    })
}

/// Whether there is anything to reach the guest by.
pub fn has_any(contacts: &Contacts) -> bool {
    contacts.phone.is_some() || contacts.email.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_national_number_becomes_e164_and_what_is_none_is_refused() {
        for text in ["0912345678", "0912 345 678", "0912.345.678", "+84912345678", "+84 912-345-678"] {
            assert_eq!(e164(text).as_deref(), Some("+84912345678"), "{text}");
        }
        assert_eq!(e164("0216 3852 123").as_deref(), Some("+842163852123"));
        assert_eq!(e164("+856 20 5551 2345").as_deref(), Some("+8562055512345"), "a guest from Laos");
        for text in ["912345678", "091234567", "0112345678", "+84112345678", "+84", "+0123456789", "113", "", "+1234567890123456"] {
            assert_eq!(e164(text), None, "{text}");
        }
    }

    #[test]
    fn a_mask_shows_the_country_the_last_three_digits_and_the_domain() {
        assert_eq!(mask_phone("+84912345678"), "+84•••••678");
        assert_eq!(mask_phone("+8562055512345"), "+8•••••345");
        assert_eq!(mask_email("an.hoang@example.org"), "a•••••@example.org");
    }

    proptest! {
        #[test]
        fn what_was_parsed_parses_to_itself_and_its_mask_does_not_hold_it(number in "0[35789][0-9]{8}") {
            let kept = e164(&number).unwrap();
            prop_assert_eq!(e164(&kept), Some(kept.clone()));
            prop_assert!(mask_phone(&kept).chars().filter(char::is_ascii_digit).count() == 5);
        }
    }
}
