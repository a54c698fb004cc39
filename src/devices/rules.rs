//! What a device may become, and the code that enrols it.

use super::model::{Device, DeviceState};
use crate::error::{AppError, FieldError, message};
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rand::seq::IndexedRandom;
use sha2::Sha256;

/// How long a code can be used.
const CODE_LIFE: Duration = Duration::hours(48);
/// Letters and digits that nobody takes for each other when a code is read out: no 0, O, 1, I, L.
const ALPHABET: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
/// Three groups of four: 59 bits.
const GROUPS: usize = 3;
const GROUP: usize = 4;

/// A code that enrols one device, to be read out and typed, such as `K7QX-2MPD-9HTA`.
pub fn new_code() -> String {
    let mut random = rand::rng();
    let mut group = || (0..GROUP).filter_map(|_| ALPHABET.choose(&mut random)).map(|byte| char::from(*byte)).collect::<String>();
    (0..GROUPS).map(|_| group()).collect::<Vec<_>>().join("-")
}

/// What is stored of a code: a hash under the secret of this installation, because a code that is typed is short enough
/// to be guessed from a plain one. Case, spaces and hyphens do not count.
pub fn code_hash(secret: &[u8], code: &str) -> Result<Vec<u8>, AppError> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(AppError::internal)?;
    mac.update(b"device code");
    mac.update(plain.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Gives a device a code, and takes its secret away: until it is enrolled anew it is out.
pub fn await_enrolment(device: &mut Device, code_hash: Vec<u8>, now: DateTime<Utc>) {
    device.code_hash = Some(code_hash);
    device.code_expires_at = Some(now + CODE_LIFE);
    (device.enrolment_id, device.secret_hash, device.enrolled_at) = (None, None, None);
}

/// Takes code and secret away for good.
pub fn revoke(device: &mut Device, now: DateTime<Utc>) {
    (device.code_hash, device.code_expires_at) = (None, None);
    (device.enrolment_id, device.secret_hash, device.enrolled_at) = (None, None, None);
    device.revoked_at = Some(now);
}

/// 409 for a step of a device that is revoked.
pub fn check_not_revoked(device: &Device, step: &str) -> Result<(), AppError> {
    if device.state() == DeviceState::Revoked {
        return Err(AppError::invalid_transition(DeviceState::Revoked.as_str(), step));
    }
    Ok(())
}

/// A site that the body of the device does not organise, nor any body below it.
pub fn site_of_another_body(index: usize) -> FieldError {
    let text = message(
        "Địa bàn này không do đơn vị của thiết bị hoặc đơn vị cấp dưới tổ chức.",
        "Neither the body of the device nor one below it organises this site.",
    );
    FieldError::new(format!("/site_ids/{index}"), "site_of_another_body", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_out_without_doubt_and_typed_in_any_way() {
        let code = new_code();
        assert_eq!(code.len(), 14);
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L']));
        assert_ne!(code, new_code());
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(code_hash(b"secret", &code).unwrap(), code_hash(b"secret", &typed).unwrap());
        assert_ne!(code_hash(b"secret", &code).unwrap(), code_hash(b"another", &code).unwrap());
    }
}
