//! Bodies that are not read to their end: of a page that takes none, or too long for a form. As soon
//! as nobody holds one that comes in chunks, the server takes in the rest of it, though it may never
//! end; held until the answer is out, it ends with its connection (SC-27).

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage};
use futures_util::Stream;

/// Middleware: holds the body of the request as long as the answer.
///
/// # Errors
/// Those of the inner service.
pub async fn hold(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let payload = req.take_payload();
    if matches!(payload, Payload::None) {
        return Ok(next.call(req).await?.map_into_boxed_body());
    }
    let held = Rc::new(RefCell::new(payload));
    req.set_payload(Payload::Stream { payload: Box::pin(Lent(held.clone())) });
    let res = next.call(req).await?.map_into_boxed_body();
    Ok(res.map_body(|_, body| BoxBody::new(Holding { body, _question: held })))
}

/// The body of the request, as those inside read it.
struct Lent(Rc<RefCell<Payload>>);

impl Stream for Lent {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

/// The answer, and what it answers.
struct Holding {
    body: BoxBody,
    _question: Rc<RefCell<Payload>>,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
