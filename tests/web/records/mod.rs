//! What stays after an act: the audit trail, and no secret anywhere.

mod audit;
mod digests;
mod faults;
mod secrets;
mod swapped_rows;
