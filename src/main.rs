//! The command line of ngayhoi.

use clap::Parser;
use mimalloc::MiMalloc;
use ngayhoi::cli::{self, Cli};
use ngayhoi::embedded_postgres::{SHIM_COMMAND, shim};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // The shim that starts PostgreSQL must run before any thread does.
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|word| word == SHIM_COMMAND) {
        eprintln!("{}", shim(arguments));
        return ExitCode::FAILURE;
    }
    cli::prefer_small_pages();
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ngayhoi: {error}");
            ExitCode::FAILURE
        }
    }
}
