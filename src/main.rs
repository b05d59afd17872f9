//! The command line of Hikae.

use std::process::ExitCode;

fn main() -> ExitCode {
    hikae::cli::main()
}
