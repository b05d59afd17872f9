//! A PDF, read with the tools of poppler as a person and a printer read it.

use std::process::Command;

use tempfile::TempDir;

/// A document in a folder of its own, which goes when it is dropped.
pub struct Pdf {
    folder: TempDir,
}

/// A word and where it stands, in points from the upper left corner.
#[derive(Debug)]
pub struct Word {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    pub text: String,
}

/// Width and height of A4 in points.
pub const A4: (f32, f32) = (595.28, 841.89);

impl Pdf {
    pub fn of(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-"), "no PDF: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(400)]));
        let folder = tempfile::Builder::new().prefix("hikae-pdf-").tempdir().expect("a folder");
        std::fs::write(folder.path().join("sheet.pdf"), bytes).expect("written");
        Self { folder }
    }

    fn run(&self, tool: &str, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new(tool).args(arguments).current_dir(self.folder.path()).output().expect(tool);
        assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Its words in the order in which they were put.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.run("pdftotext", &["-raw", "sheet.pdf", "-"])).into_owned()
    }

    /// Its words without any white space: what a search finds across lines.
    pub fn letters(&self) -> String {
        self.text().chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// What `pdfinfo` says of a key.
    pub fn info(&self, key: &str) -> Option<String> {
        let info = String::from_utf8_lossy(&self.run("pdfinfo", &["-isodates", "sheet.pdf"])).into_owned();
        let line = info.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.map(|value| value.trim().to_owned())
    }

    pub fn pages(&self) -> usize {
        self.info("Pages").and_then(|pages| pages.parse().ok()).expect("a number of pages")
    }

    /// A line for each font: name, and whether it is embedded, a subset, and known in Unicode.
    pub fn fonts(&self) -> Vec<(String, bool, bool, bool)> {
        let table = String::from_utf8_lossy(&self.run("pdffonts", &["sheet.pdf"])).into_owned();
        let fonts = table.lines().skip(2).map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let yes = |from_the_end: usize| cells[cells.len() - from_the_end] == "yes";
            // name, type, encoding, emb, sub, uni, object, generation
            (cells[0].to_owned(), yes(5), yes(4), yes(3))
        });
        fonts.collect()
    }

    pub fn words(&self) -> Vec<Word> {
        let html = String::from_utf8_lossy(&self.run("pdftotext", &["-bbox", "sheet.pdf", "-"])).into_owned();
        let words = html.lines().filter_map(|line| {
            let line = line.trim().strip_prefix("<word ")?;
            let number = |name: &str| {
                let (_, rest) = line.split_once(&format!("{name}=\""))?;
                rest.split_once('"')?.0.parse::<f32>().ok()
            };
            let text = line.split_once('>')?.1.strip_suffix("</word>")?.to_owned();
            Some(Word {
                left: number("xMin")?,
                top: number("yMin")?,
                right: number("xMax")?,
                bottom: number("yMax")?,
                text,
            })
        });
        words.collect()
    }

    /// Each piece of text with its size in points.
    pub fn sizes(&self) -> Vec<(f32, String)> {
        let arguments = ["-xml", "-i", "-hidden", "-fontfullname", "-zoom", "1", "-stdout", "sheet.pdf"];
        let xml = String::from_utf8_lossy(&self.run("pdftohtml", &arguments)).into_owned();
        let value = |line: &str, name: &str| {
            let rest = line.split_once(&format!(" {name}=\""))?.1;
            Some(rest.split_once('"')?.0.to_owned())
        };
        let fonts: Vec<(String, f32)> = xml
            .lines()
            .filter(|line| line.contains("<fontspec "))
            .filter_map(|line| Some((value(line, "id")?, value(line, "size")?.parse().ok()?)))
            .collect();
        let texts = xml.lines().filter(|line| line.starts_with("<text ")).filter_map(|line| {
            let font = value(line, "font")?;
            let size = fonts.iter().find(|(id, _)| *id == font)?.1;
            let text = line.split_once('>')?.1.replace("</text>", "").replace("<b>", "").replace("</b>", "");
            Some((size, text))
        });
        texts.collect()
    }

    /// How far from the left, upper, right and lower edge the first ink stands, in millimetres.
    pub fn margins(&self) -> [f32; 4] {
        const DOTS: usize = 75;
        let picture = self.run("pdftoppm", &["-gray", "-r", &DOTS.to_string(), "sheet.pdf"]);
        let header: Vec<&[u8]> = picture.splitn(4, |byte| byte.is_ascii_whitespace()).collect();
        let number =
            |index: usize| std::str::from_utf8(header[index]).expect("ASCII").parse::<usize>().expect("a number");
        let (width, height) = (number(1), number(2));
        let dots = &picture[picture.len() - width * height..];
        let inked = |x: usize, y: usize| dots[y * width + x] < 200;
        let column = |x: &usize| (0..height).any(|y| inked(*x, y));
        let row = |y: &usize| (0..width).any(|x| inked(x, *y));
        let found = [
            (0..width).find(column),
            (0..height).find(row),
            (0..width).rev().find(column).map(|x| width - 1 - x),
            (0..height).rev().find(row).map(|y| height - 1 - y),
        ];
        found.map(|dots| f32::from(u16::try_from(dots.expect("ink")).expect("a page")) / 75.0 * 25.4)
    }
}
