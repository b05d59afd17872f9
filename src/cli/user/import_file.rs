//! The file of an import, read line by line, twice: a million lines never stand in memory at once.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::import_line::{Line, MAX_LINE_BYTES};
use crate::domain::email::EmailAddress;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of an import.
pub struct ImportFile {
    input: BufReader<File>,
    number: usize,
    bytes: Vec<u8>,
}

/// Why a line, and with it the whole file, is not taken.
pub fn refused(number: usize, reason: &str) -> anyhow::Error {
    anyhow::Error::msg(format!("line {number}: {reason}; nothing of the file was taken"))
}

impl ImportFile {
    pub fn new(file: File) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, file), number: 0, bytes: Vec::new() }
    }

    /// Goes back to the first line.
    ///
    /// # Errors
    /// What comes through a pipe can be read once only.
    pub fn rewind(&mut self) -> Result<()> {
        self.number = 0;
        self.input.rewind().context("the file is read twice, so it cannot come through a pipe")
    }

    /// How many bytes have been read.
    ///
    /// # Errors
    /// What comes through a pipe has no position.
    pub fn position(&mut self) -> Result<u64> {
        Ok(self.input.stream_position()?)
    }

    /// The next line with something on it, and its number.
    ///
    /// # Errors
    /// The line cannot be taken, and why.
    pub fn next_line(&mut self) -> Result<Option<(usize, Line)>> {
        loop {
            self.bytes.clear();
            // One byte more than allowed is enough to know that a line is too long.
            let most = MAX_LINE_BYTES as u64 + 1;
            let taken = self.input.by_ref().take(most).read_until(b'\n', &mut self.bytes)?;
            if taken == 0 {
                return Ok(None);
            }
            self.number += 1;
            if taken > MAX_LINE_BYTES {
                bail!(refused(self.number, "longer than 16 KiB"));
            }
            let line = &self.bytes[..];
            let line = if self.number == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
            if !line.trim_ascii().is_empty() {
                let line = Line::parse(line).map_err(|reason| refused(self.number, &reason))?;
                return Ok(Some((self.number, line)));
            }
        }
    }
}

/// The addresses of a file, as 64 bits each with their line: enough to find the second of two, and
/// that two different ones share them is not expected in a million files of a million lines.
#[derive(Default)]
pub struct Seen(HashMap<u64, u32>);

impl Seen {
    /// The line on which the address stood before, if it did.
    pub fn earlier(&mut self, email: &EmailAddress, number: usize) -> Option<u32> {
        let digest: [u8; 32] = Sha256::digest(email.as_str().as_bytes()).into();
        let (short, _) = digest.split_first_chunk::<8>()?;
        self.0.insert(u64::from_be_bytes(*short), u32::try_from(number).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_seen_in_whatever_way_it_is_written() {
        let mut seen = Seen::default();
        assert_eq!(seen.earlier(&EmailAddress::parse("a@example.jp").unwrap(), 3), None);
        assert_eq!(seen.earlier(&EmailAddress::parse("b@example.jp").unwrap(), 4), None);
        assert_eq!(seen.earlier(&EmailAddress::parse("A@Example.jp").unwrap(), 5), Some(3));
    }
}
