//! Cross-origin requests (Fetch standard): pages of the origins in the settings may call from a browser, no others.
//! Tokens travel in a header and never in a cookie, so credentials are not allowed for anybody.

use crate::config::Config;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const TAKEN: &str = "Authorization, Content-Type, Accept, Accept-Language, Idempotency-Key, If-Match, If-None-Match, X-Request-Id";
const SHOWN: &str = "ETag, Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id, Idempotency-Replayed, Snapshot-Signature, WWW-Authenticate";

/// Around everything else, so that refusals can be read by the page as well.
pub async fn apply(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(origin) = allowed_origin(&request) else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let is_preflight = request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight {
        let answer = HttpResponse::NoContent()
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS))
            .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, TAKEN))
            .insert_header((ACCESS_CONTROL_MAX_AGE, "600"))
            .finish();
        request.into_response(answer)
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(SHOWN));
    response.headers_mut().append(VARY, HeaderValue::from_static("Origin"));
    Ok(response)
}

/// The origin of the request, if the settings name it.
fn allowed_origin(request: &ServiceRequest) -> Option<HeaderValue> {
    let origin = request.headers().get(ORIGIN)?;
    let config = request.app_data::<Data<Config>>()?;
    config.allowed_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::StatusCode;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, middleware::from_fn, web};

    fn config() -> Config {
        let origins = |name: &str| (name == "NGAYHOI_ALLOWED_ORIGINS").then(|| "https://wall.example.org".to_owned());
        let dir = std::env::temp_dir().display().to_string();
        Config::load(|name| if name == "NGAYHOI_DATA_DIR" { Some(dir.clone()) } else { origins(name) }, false).unwrap()
    }

    #[actix_web::test]
    async fn only_pages_of_named_origins_are_let_in() {
        let app = App::new().app_data(Data::new(config())).route("/x", web::get().to(HttpResponse::Ok)).wrap(from_fn(apply));
        let app = init_service(app).await;
        let ask = |origin: &'static str| TestRequest::get().uri("/x").insert_header((ORIGIN, origin)).to_request();
        let known = call_service(&app, ask("https://wall.example.org")).await;
        assert_eq!(known.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).unwrap(), "https://wall.example.org");
        let stranger = call_service(&app, ask("https://elsewhere.example.org")).await;
        assert!(!stranger.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));

        let preflight = TestRequest::default()
            .method(Method::OPTIONS)
            .uri("/x")
            .insert_header((ORIGIN, "https://wall.example.org"))
            .insert_header((ACCESS_CONTROL_REQUEST_METHOD, "PATCH"));
        let answer = call_service(&app, preflight.to_request()).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert!(answer.headers().contains_key(ACCESS_CONTROL_ALLOW_METHODS));
    }
}
