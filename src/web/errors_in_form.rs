//! What is wrong with a form, field by field.

/// The errors of one form.
#[derive(Default)]
pub struct Errors(Vec<FieldError>);

/// One error: which field, what is wrong, and where to go instead.
pub struct FieldError {
    pub field: &'static str,
    pub text: String,
    /// Whether it concerns the whole form, and the field is only where to go on.
    pub whole_form: bool,
    /// Possible causes, where the answer must not say which it was.
    pub causes: Vec<&'static str>,
    /// Path and words of a link to the right form.
    pub link: Option<(&'static str, &'static str)>,
}

impl FieldError {
    /// One field is wrong.
    pub fn new(field: &'static str, text: impl Into<String>) -> Self {
        Self { field, text: text.into(), whole_form: false, causes: Vec::new(), link: None }
    }
}

impl Errors {
    /// Nothing is wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// One field is wrong.
    pub fn of(field: &'static str, text: impl Into<String>) -> Self {
        let mut errors = Self::none();
        errors.add(field, text);
        errors
    }

    /// The form as a whole was refused; `field` is where to go on.
    pub fn of_form(field: &'static str, text: impl Into<String>) -> Self {
        FieldError { whole_form: true, ..FieldError::new(field, text) }.into()
    }

    /// One more field is wrong.
    pub fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.push(FieldError::new(field, text));
    }

    /// More that is wrong, in the order of the form.
    pub fn extend(&mut self, more: impl IntoIterator<Item = FieldError>) {
        self.0.extend(more);
    }

    /// What is wrong with a field.
    pub fn get(&self, field: &str) -> Option<&FieldError> {
        self.0.iter().find(|error| error.field == field && !error.whole_form)
    }

    /// Every error, in the order of the form.
    pub fn all(&self) -> &[FieldError] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<FieldError> for Errors {
    fn from(error: FieldError) -> Self {
        Self(vec![error])
    }
}
