//! 事業所管理.

mod release_requests;
