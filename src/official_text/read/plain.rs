//! Plain text: UTF-8, or UTF-16 with a byte order mark.

use super::Unreadable;

pub(super) fn read(bytes: &[u8]) -> Result<String, Unreadable> {
    let text = if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        utf16(rest, u16::from_le_bytes)?
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        utf16(rest, u16::from_be_bytes)?
    } else {
        let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        std::str::from_utf8(rest).map_err(|_| Unreadable::NotUtf8)?.to_owned()
    };
    // A file of another kind that happens to be UTF-8, or UTF-16 without its mark.
    if text.contains('\0') { Err(Unreadable::NotUtf8) } else { Ok(text) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Unreadable> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Unreadable::NotUtf8);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<_, _>>().map_err(|_| Unreadable::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unicode_encodings_are_read_and_others_refused() {
        let le: Vec<u8> = [0xFF, 0xFE].into_iter().chain("Số: 81".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let be: Vec<u8> = [0xFE, 0xFF].into_iter().chain("Số: 81".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for bytes in [le.as_slice(), &be, "Số: 81".as_bytes(), "\u{feff}Số: 81".as_bytes()] {
            assert_eq!(read(bytes).as_deref(), Ok("Số: 81"));
        }
        // "Kế hoạch" in TCVN3.
        assert_eq!(read(b"K\xd5 ho\xb9ch"), Err(Unreadable::NotUtf8));
        assert_eq!(read(b"\xFF\xFEabc"), Err(Unreadable::NotUtf8));
        assert_eq!(read(b"a\0b"), Err(Unreadable::NotUtf8));
    }
}
