//! Gives back what only starting needed, so that a service that waits for its first request is small.

use nix::sys::mman::{MmapAdvise, madvise};
use std::ffi::c_void;
use std::ptr::{NonNull, with_exposed_provenance_mut};
use std::time::Duration;

/// Starting takes more memory than serving: each worker prepares its routes. The allocator gives freed memory back to the
/// system when something large is allocated or freed later, and a service that waits does neither; and the program text that
/// preparing the routes ran through stays mapped.
pub async fn give_back() {
    for _ in 0..8 {
        actix_web::rt::time::sleep(Duration::from_millis(250)).await;
        drop(std::hint::black_box(Vec::<u8>::with_capacity(64 * 1024 * 1024)));
    }
    let_go_of_text();
}

/// Unmaps the program text that has been run; what is run again is mapped again, from the memory that the system keeps files in.
fn let_go_of_text() {
    let (Ok(maps), Ok(program)) = (std::fs::read_to_string("/proc/self/maps"), std::env::current_exe()) else { return };
    let program = program.to_string_lossy();
    for (from, length) in maps.lines().filter_map(|line| text_of(line, &program)) {
        let Some(from) = NonNull::<c_void>::new(with_exposed_provenance_mut(from)) else { continue };
        // SAFETY: the range is a mapping of our own program that is executable and cannot be written, so its pages are those of
        // the file, and dropping them loses nothing.
        #[allow(unsafe_code)]
        let dropped = unsafe { madvise(from, length, MmapAdvise::MADV_DONTNEED) };
        if let Err(error) = dropped {
            log::debug!(error = error.to_string().as_str(); "the program text stays mapped");
        }
    }
}

/// Address and length of a line of `/proc/self/maps`, if it is text of the program.
fn text_of(line: &str, program: &str) -> Option<(usize, usize)> {
    let mut fields = line.split_ascii_whitespace();
    let (range, rights) = (fields.next()?, fields.next()?);
    if rights != "r-xp" || !line.ends_with(program) {
        return None;
    }
    let (from, to) = range.split_once('-')?;
    let (from, to) = (usize::from_str_radix(from, 16).ok()?, usize::from_str_radix(to, 16).ok()?);
    Some((from, to.checked_sub(from)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_of_the_program_is_let_go() {
        let line = |rights: &str, file: &str| format!("55d0c0a00000-55d0c0a02000 {rights} 00a00000 fe:00 123   {file}");
        assert_eq!(text_of(&line("r-xp", "/usr/bin/ngayhoi"), "/usr/bin/ngayhoi"), Some((0x55d0_c0a0_0000, 0x2000)));
        assert_eq!(text_of(&line("r--p", "/usr/bin/ngayhoi"), "/usr/bin/ngayhoi"), None, "relocated data would be lost");
        assert_eq!(text_of(&line("rwxp", "/usr/bin/ngayhoi"), "/usr/bin/ngayhoi"), None);
        assert_eq!(text_of(&line("r-xp", "/usr/lib/libc.so.6"), "/usr/bin/ngayhoi"), None);
        assert_eq!(text_of("nonsense", "/usr/bin/ngayhoi"), None);
    }

    #[test]
    fn a_program_whose_text_was_let_go_runs_on() {
        let_go_of_text();
        assert_eq!((1..=10).sum::<i32>(), 55);
    }
}
