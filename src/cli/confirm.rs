//! A question before what cannot be undone.

use std::io::{self, IsTerminal, Write};

use anyhow::{Result, bail};

/// Asks on a terminal, and goes on only after «yes». A script says so beforehand, with the flag
/// that is `given` here.
///
/// # Errors
/// The answer was another one, or there is nobody to ask.
pub fn confirm(question: &str, flag: &str, given: bool) -> Result<()> {
    if given {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        bail!("{question} There is nobody to ask here; to go ahead, add {flag}");
    }
    write!(io::stderr(), "{question} Type yes to go ahead: ")?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if answer.trim() != "yes" {
        bail!("nothing was changed");
    }
    Ok(())
}
