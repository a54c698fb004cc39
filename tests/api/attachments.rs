//! Attachments: what they are is told by their bytes, and nobody gets other bytes than were sent.

use super::support::*;
use ngayhoi::attachments::settings::{Attachments, Place};
use ngayhoi::attachments::sweep::sweep;
use ngayhoi::db::Db;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

const PDF: &[u8] = include_bytes!("../data/plans/plan-81.pdf");
const DOCX_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A directory of its own, so that a test may damage it.
fn directory() -> PathBuf {
    cluster::shared().cluster.data_dir.join(format!("attachments-{}", Uuid::now_v7().simple()))
}

async fn start(directory: &Path, limit: usize) -> TestApp {
    let attachments = Attachments { place: Place::Directory(directory.to_path_buf()), limit };
    TestApp::start_with(Setup { attachments: Some(attachments), ..Setup::default() }).await
}

struct Case {
    client: Client,
    plan: Answer,
}

impl Case {
    /// A draft of the Lục Yên district under plan 81.
    async fn of(app: &TestApp) -> Self {
        let client = app.district("Lục Yên").await;
        let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await,
            "parent_plan_id": app.text("SELECT id FROM plans WHERE number = 81").await, "symbol": "KH-BCĐ", "title": "Ngày hội ở Lục Yên"});
        let plan = client.post("/api/v1/plans", body).await;
        plan.expect(201);
        Self { client, plan }
    }

    async fn send(&self, name: &str, kind: &str, bytes: &[u8]) -> Answer {
        self.client.raw("POST", &format!("{}/attachments?filename={name}", self.plan.location()), kind, bytes).await
    }
}

fn package(parts: &[&str]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        zip.start_file(*part, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<x/>").unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent_under_its_name() {
    let app = TestApp::start().await;
    let case = Case::of(&app).await;
    let made = case.send("K%E1%BA%BF%20hoa%CC%A3ch%2081.pdf", "application/pdf", PDF).await;
    let body = made.expect(201);
    assert_eq!(
        (&body["name"], &body["media_type"], &body["size_bytes"]),
        (&json!("Kế hoạch 81.pdf"), &json!("application/pdf"), &json!(PDF.len()))
    );
    assert_eq!(
        (&body["owner_kind"], &body["owner_id"], &body["campaign_id"]),
        (&json!("plan"), &case.plan.body["id"], &case.plan.body["campaign_id"])
    );
    let content = case.client.get(&format!("{}/content", made.location())).await;
    assert_eq!(content.status, 200);
    assert_eq!(content.bytes, PDF);
    assert_eq!(content.etag(), format!("\"{}\"", body["checksum"].as_str().unwrap()));
    assert_eq!(content.header("content-type"), Some("application/pdf"));
    assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(
        content.header("content-disposition"),
        Some("attachment; filename=\"ke hoach 81.pdf\"; filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%2081.pdf")
    );
    case.client.get_if_none_match(&format!("{}/content", made.location()), &content).await.expect(304);
    let listed = case.client.get(&format!("{}/attachments?with_total=true&media_type=application/pdf", case.plan.location())).await;
    assert_eq!((&listed.expect(200)["total"], &listed.items()[0]), (&json!(1), body));
    let read = case.client.get(&made.location()).await;
    assert_eq!(read.expect(200), body);
    for (name, kind, bytes) in [
        ("a.docx", DOCX_TYPE, package(&["[Content_Types].xml", "word/document.xml"])),
        (
            "a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            package(&["[Content_Types].xml", "xl/workbook.xml"]),
        ),
        ("a.PNG", "image/png", b"\x89PNG\r\n\x1a\n....".to_vec()),
        ("a.jpeg", "image/jpeg", b"\xff\xd8\xff\xe0....".to_vec()),
        ("a.txt", "text/plain; charset=utf-8", "Kính gửi".as_bytes().to_vec()),
    ] {
        let made = case.send(name, kind, &bytes).await;
        made.expect(201);
        assert_eq!(case.client.get(&format!("{}/content", made.location())).await.bytes, bytes, "{name}");
    }
    let feed = case.client.get("/api/v1/changes?resource=plan&limit=200").await;
    assert!(feed.items().iter().filter(|one| one["action"] == "attached").count() == 6, "{}", feed.text);
}

#[tokio::test]
async fn a_file_that_is_not_what_it_says_is_refused() {
    let directory = directory();
    let app = start(&directory, 4000).await;
    let case = Case::of(&app).await;
    for (name, kind, bytes, status, found) in [
        ("a.pdf", "application/pdf", b"MZ\x90\x00".to_vec(), 422, " media_type_mismatch"),
        ("a.pdf", "application/pdf", Vec::new(), 422, " empty"),
        ("a.txt", "text/plain", b"%PDF-1.4".to_vec(), 422, " media_type_mismatch"),
        ("a.txt", "text/plain", b"a\x00b".to_vec(), 422, " media_type_mismatch"),
        ("a.docx", DOCX_TYPE, b"PK\x03\x04nothing".to_vec(), 422, " damaged"),
        ("a.docx", DOCX_TYPE, package(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]), 422, " has_macros"),
        ("a.docx", DOCX_TYPE, package(&["[Content_Types].xml", "xl/workbook.xml"]), 422, " media_type_mismatch"),
        ("a.html", "text/plain", b"<script>".to_vec(), 422, "?filename ending_mismatch"),
        ("a%2Fb.txt", "text/plain", b"x".to_vec(), 400, "?filename pattern"),
        ("..%5Ca.txt", "text/plain", b"x".to_vec(), 400, "?filename pattern"),
    ] {
        let refused = case.send(name, kind, &bytes).await;
        assert_eq!((refused.status, refused.fields()), (status, vec![found.to_owned()]), "{name} {kind}: {}", refused.text);
    }
    case.send("a.html", "text/html", b"<p>").await.expect_problem(415, "unsupported_media_type");
    case.send("a.txt", "text/plain", &[b'a'; 4001]).await.expect_problem(413, "payload_too_large");
    case.send("a.txt", "text/plain", &[b'a'; 4000]).await.expect(201);
    assert_eq!(app.number("SELECT count(*) FROM attachments").await, 1);
}

#[tokio::test]
async fn reading_and_writing_follow_the_owner() {
    let app = TestApp::start().await;
    let case = Case::of(&app).await;
    let made = case.send("a.txt", "text/plain", b"mot").await;
    made.expect(201);
    let other = app.district("Văn Yên").await;
    for path in [made.location(), format!("{}/content", made.location()), format!("{}/attachments", case.plan.location())] {
        other.get(&path).await.expect_problem(404, "not_found");
        app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    }
    let target = format!("{}/attachments?filename=a.txt", case.plan.location());
    other.raw("POST", &target, "text/plain", "x").await.expect_problem(404, "not_found");
    app.sign_in(Role::Auditor).await.raw("POST", &target, "text/plain", "x").await.expect_problem(403, "forbidden");
    other.delete_if(&made.location(), &made).await.expect_problem(404, "not_found");
    case.client.delete(&made.location()).await.expect(428);
    case.client.delete_if(&made.location(), "\"7\"").await.expect_problem(412, "precondition_failed");
    let central = app.sign_in(Role::ProvincialAdministrator).await;
    let top = app.text("SELECT id FROM plans WHERE number = 81").await;
    let of_top = central.raw("POST", &format!("/api/v1/plans/{top}/attachments?filename=a.pdf"), "application/pdf", PDF).await;
    of_top.expect(201);
    assert_eq!(other.get(&format!("{}/content", of_top.location())).await.bytes, PDF);
    other.delete_if(&of_top.location(), &of_top).await.expect_problem(404, "not_found");
    central.delete_if(&of_top.location(), &of_top).await.expect_problem(409, "invalid_transition");
    let feed = other.get("/api/v1/changes?limit=200").await;
    assert!(!feed.text.contains(&made.id()), "who cannot see a draft is not told of its files");
}

#[tokio::test]
async fn a_draft_loses_its_files_and_an_issued_plan_keeps_them() {
    let app = TestApp::start().await;
    let case = Case::of(&app).await;
    let (kept, gone) = (case.send("a.txt", "text/plain", b"mot").await, case.send("b.txt", "text/plain", b"hai").await);
    case.client.delete_if(&gone.location(), &gone).await.expect(204);
    case.client.get(&gone.location()).await.expect(404);
    case.client.get(&format!("{}/content", gone.location())).await.expect(404);
    let marked = format!("SELECT deleted_by IS NOT NULL AND version = 2 FROM attachments WHERE id = '{}'", gone.id());
    assert_eq!(app.text(&marked).await, "true");
    let submitted = case.client.post_empty_if(&format!("{}/submit", case.plan.location()), &case.plan).await;
    case.send("c.txt", "text/plain", b"ba").await.expect_problem(409, "invalid_transition");
    let signed = json!({"number": 12, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A"});
    case.client.post_if(&format!("{}/issue", case.plan.location()), &submitted, signed).await.expect(200);
    case.client.delete_if(&kept.location(), &kept).await.expect_problem(409, "invalid_transition");
    case.send("ban-ky.pdf", "application/pdf", PDF).await.expect(201);
    assert_eq!(app.district("Văn Yên").await.get(&format!("{}/content", kept.location())).await.text, "mot");

    let document =
        case.client.get(&format!("/api/v1/documents?plan_id={}", case.plan.id())).await.items()[0]["id"].as_str().unwrap().to_owned();
    let scan = case.client.raw("POST", &format!("/api/v1/documents/{document}/attachments?filename=a.pdf"), "application/pdf", PDF).await;
    assert_eq!((&scan.expect(201)["owner_kind"], &scan.body["campaign_id"]), (&json!("document"), &json!(null)));
    case.client.delete_if(&scan.location(), &scan).await.expect_problem(409, "invalid_transition");

    let draft = Case::of(&app).await;
    let file = draft.send("d.txt", "text/plain", b"bon").await;
    draft.client.delete_if(&draft.plan.location(), &draft.plan).await.expect(204);
    draft.client.get(&file.location()).await.expect(404);
    assert_eq!(app.number("SELECT count(*) FROM attachments WHERE deleted_at IS NULL AND name = 'd.txt'").await, 0);
}

#[tokio::test]
async fn a_repeated_upload_is_one_attachment() {
    let app = TestApp::start().await;
    let case = Case::of(&app).await;
    let send = async |bytes: &'static str| {
        let path = format!("{}/attachments?filename=a.txt", case.plan.location());
        let request = case.client.request("POST", &path).header("content-type", "text/plain").header("idempotency-key", "mot-khoa");
        case.client.send(request.body(bytes)).await
    };
    let first = send("mot").await;
    let again = send("mot").await;
    assert_eq!((again.expect(201), again.header("idempotency-replayed")), (first.expect(201), Some("true")));
    send("hai").await.expect_problem(422, "idempotency_key_reused");
    assert_eq!(app.number("SELECT count(*) FROM attachments").await, 1);
}

#[tokio::test]
async fn lost_or_changed_bytes_are_never_given_and_a_store_that_is_away_says_when_to_come_back() {
    let directory = directory();
    let app = start(&directory, 1_000_000).await;
    let case = Case::of(&app).await;
    let made = case.send("a.txt", "text/plain", b"mot").await;
    let checksum = made.expect(201)["checksum"].as_str().unwrap().to_owned();
    let (object, content) = (directory.join(&checksum[..2]).join(&checksum), format!("{}/content", made.location()));
    std::fs::write(&object, b"mop").unwrap();
    case.client.get(&content).await.expect_problem(500, "attachment_damaged");
    std::fs::remove_file(&object).unwrap();
    case.client.get(&content).await.expect_problem(500, "attachment_damaged");
    case.send("b.txt", "text/plain", b"mot").await.expect(201);
    assert_eq!(case.client.get(&content).await.text, "mot", "the same bytes, sent again, heal it");
    // A file where the folder was: nothing can be read or written there.
    std::fs::remove_dir_all(&directory).unwrap();
    std::fs::write(&directory, b"").unwrap();
    case.send("c.txt", "text/plain", b"hai").await.expect_problem(503, "storage_unavailable");
    case.client.get(&made.location()).await.expect(200);
    assert_eq!(app.number("SELECT count(*) FROM attachments").await, 2);
}

#[tokio::test]
async fn the_sweep_takes_old_objects_that_no_row_names_and_nothing_else() {
    let directory = directory();
    let app = start(&directory, 1_000_000).await;
    let case = Case::of(&app).await;
    let (kept, gone) = (case.send("a.txt", "text/plain", b"mot").await, case.send("b.txt", "text/plain", b"hai").await);
    let shared = case.send("c.txt", "text/plain", b"mot").await;
    case.client.delete_if(&gone.location(), &gone).await.expect(204);
    case.client.delete_if(&shared.location(), &shared).await.expect(204);
    std::fs::write(directory.join("ghi-chu"), b"x").unwrap();
    let db = Db::new(&app.database_url).unwrap();
    let now = chrono::Utc::now();
    assert_eq!(sweep(&db, &app.store, now).await.unwrap(), 0, "what is new may be an upload under way");
    assert_eq!(sweep(&db, &app.store, now + chrono::Duration::days(2)).await.unwrap(), 1);
    assert_eq!(case.client.get(&format!("{}/content", kept.location())).await.text, "mot");
    assert!(!app.store.has(gone.body["checksum"].as_str().unwrap()).await.unwrap());
    assert!(directory.join("ghi-chu").exists());
}

/// What an S3-compatible store is asked for here: one bucket, in memory.
mod bucket {
    use actix_web::web::{Bytes, Data, Query};
    use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
    use std::collections::{BTreeMap, HashMap};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};

    pub type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

    const WRITTEN: &str = "Mon, 02 Jan 2023 03:04:05 GMT";

    async fn answer(request: HttpRequest, query: Query<HashMap<String, String>>, body: Bytes, objects: Data<Objects>) -> HttpResponse {
        if !request.headers().get("authorization").is_some_and(|value| value.to_str().unwrap().starts_with("AWS4-HMAC-SHA256 ")) {
            return HttpResponse::Forbidden().finish();
        }
        let mut objects = objects.lock().unwrap();
        let key = request.path().trim_start_matches("/kho-tep").trim_start_matches('/').to_owned();
        let found =
            |bytes: Bytes| HttpResponse::Ok().insert_header(("ETag", "\"1\"")).insert_header(("Last-Modified", WRITTEN)).body(bytes);
        match request.method().as_str() {
            "PUT" => {
                objects.insert(key, body);
                HttpResponse::Ok().insert_header(("ETag", "\"1\"")).finish()
            }
            "DELETE" => {
                objects.remove(&key);
                HttpResponse::NoContent().finish()
            }
            "GET" if query.contains_key("list-type") => {
                let contents: String = objects
                    .iter()
                    .map(|(key, bytes)| {
                        format!("<Contents><Key>{key}</Key><LastModified>2023-01-02T03:04:05.000Z</LastModified><ETag>1</ETag><Size>{}</Size></Contents>", bytes.len())
                    })
                    .collect();
                HttpResponse::Ok().content_type("application/xml").body(format!("<ListBucketResult>{contents}</ListBucketResult>"))
            }
            _ => objects.get(&key).cloned().map_or_else(|| HttpResponse::NotFound().finish(), found),
        }
    }

    /// Starts one; gives its URL and what it holds.
    pub fn start() -> (String, Objects) {
        let objects = Objects::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = objects.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || App::new().app_data(Data::new(shared.clone())).default_service(web::to(answer));
                let _ = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run().await;
            });
        });
        (url, objects)
    }
}

#[tokio::test]
async fn a_bucket_keeps_files_as_a_directory_does() {
    let (url, objects) = bucket::start();
    let variable = |name: &str| match name {
        "AWS_ACCESS_KEY_ID" => Some("khoa".to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some("bi-mat".to_owned()),
        "AWS_ENDPOINT_URL" => Some(url.clone()),
        _ => None,
    };
    let mut wrong = Vec::new();
    let place = Some("s3://kho-tep/tinh/dinh-kem".to_owned());
    let attachments = Attachments::load(variable, place, None, &std::env::temp_dir(), &mut wrong);
    assert!(wrong.is_empty(), "{wrong:?}");
    let app = TestApp::start_with(Setup { attachments: Some(attachments), ..Setup::default() }).await;
    let case = Case::of(&app).await;
    let (kept, gone) = (case.send("a.pdf", "application/pdf", PDF).await, case.send("b.txt", "text/plain", b"hai").await);
    let checksum = kept.expect(201)["checksum"].as_str().unwrap().to_owned();
    let key = format!("tinh/dinh-kem/{}/{checksum}", &checksum[..2]);
    assert!(objects.lock().unwrap().contains_key(&key), "{:?}", objects.lock().unwrap().keys());
    let content = format!("{}/content", kept.location());
    assert_eq!(case.client.get(&content).await.bytes, PDF);
    case.client.delete_if(&gone.location(), &gone).await.expect(204);
    let db = Db::new(&app.database_url).unwrap();
    assert_eq!(sweep(&db, &app.store, chrono::Utc::now()).await.unwrap(), 1);
    assert_eq!(objects.lock().unwrap().len(), 1);
    objects.lock().unwrap().clear();
    case.client.get(&content).await.expect_problem(500, "attachment_damaged");
}
