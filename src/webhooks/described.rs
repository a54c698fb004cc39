//! What receivers must offer, for the OpenAPI document (3.1, `webhooks`).

use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, PathItem, Paths, PathsBuilder, Ref, Required, Response};

fn header(name: &str, about: &str, pattern: &str, example: &str) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(300)).pattern(Some(pattern)).examples([example]);
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(schema.build()))
        .build()
}

fn operation() -> Operation {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("WebhookMessage"))).build();
    let body = RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True)).build();
    OperationBuilder::new()
        .operation_id(Some("receive_changes"))
        .tag("webhooks")
        .summary(Some("Receive changes"))
        .description(Some(
            "What a receiver of a webhook is sent. It verifies the signature over `webhook-id`, `webhook-timestamp` and the body, \
             refuses what is older than some minutes, keeps the changes, and only then answers.",
        ))
        .parameter(header(
            "webhook-id",
            "The same when the same changes come again.",
            "^[0-9a-f-]{36}-[0-9]{1,20}-[0-9]{1,20}$",
            "018b2f19-e79e-7d6a-a56d-29feb6211b04-1234-5678",
        ))
        .parameter(header("webhook-timestamp", "Seconds since 1970-01-01T00:00:00Z.", "^[0-9]{10,12}$", "1692403200"))
        .parameter(header(
            "webhook-signature",
            "One or two signatures, separated by a space: `v1,` and HMAC-SHA256 in Base64 over id, time and body joined by dots.",
            "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)?$",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ))
        .request_body(Some(body))
        .response("204", Response::new("Confirmed, as is any other 2xx: what follows is sent."))
        .response("410", Response::new("Nothing more is wanted: the webhook is switched off."))
        .response("503", Response::new("Try again later, as with any other answer."))
        .build()
}

/// The messages that the service sends of itself.
pub fn paths() -> Paths {
    PathsBuilder::new().path("changes", PathItem::new(HttpMethod::Post, operation())).build()
}
