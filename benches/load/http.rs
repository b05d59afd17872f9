//! A small HTTP client: what it costs itself is taken from the same cores as the server's work.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// One connection, kept open.
pub struct Connection(BufReader<TcpStream>);

/// What came back.
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The token that the page's forms carry.
    pub fn token(&self) -> Option<&str> {
        let (_, after) = self.body.split_once("name=\"csrf_token\" value=\"")?;
        after.split('"').next()
    }
}

/// The text of a request. `client` is the address it seems to come from.
pub fn get(path: &str, cookie: &str, client: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{}\r\n", headers(cookie, client))
}

/// The same for a form.
pub fn post(path: &str, cookie: &str, client: &str, fields: &[(&str, &str)]) -> String {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = "content-type: application/x-www-form-urlencoded";
    format!("POST {path} HTTP/1.1\r\n{}{kind}\r\ncontent-length: {}\r\n\r\n{body}", headers(cookie, client), body.len())
}

fn headers(cookie: &str, client: &str) -> String {
    const AGENT: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    let cookie = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
    format!("host: 127.0.0.1\r\naccept-language: ja\r\nuser-agent: {AGENT}\r\nx-forwarded-for: {client}\r\n{cookie}")
}

impl Connection {
    pub async fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// The connection broke off.
    pub async fn send(&mut self, request: &str) -> io::Result<Answer> {
        self.0.write_all(request.as_bytes()).await?;
        let status = self.line().await?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut answer = Answer { status, headers, body: String::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        answer.body = String::from_utf8(body).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(answer)
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}
