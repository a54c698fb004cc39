//! Delegates: proposed, approved, answered for, attended; nobody is at two sites at once.

use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join;

const PATH: &str = "/api/v1/delegates";

/// Two sites of Lục Yên at the same hour, the police that propose and the committee that approves.
struct Scene {
    app: TestApp,
    police: Client,
    province: Client,
    department: Client,
    district: Client,
    body: String,
    first: String,
    second: String,
}

impl Scene {
    async fn new(app: TestApp) -> Self {
        let district = District::of(&app, "Lục Yên").await;
        let first = district.scheduled(&app, "Bản Mường Lai").await.id();
        let second = district.scheduled(&app, "Bản Nà Kèn").await.id();
        let body = app.shared.account(Role::Department).org_unit_id.to_string();
        Self {
            police: app.sign_in(Role::StandingAgency).await,
            province: app.sign_in(Role::ProvincialAdministrator).await,
            department: app.sign_in(Role::Department).await,
            district: district.client,
            app,
            body,
            first,
            second,
        }
    }

    fn delegate(&self, site: &str, name: &str, role: &str) -> Value {
        json!({"site_id": site, "org_unit_id": self.body, "full_name": name, "title": "Phó Giám đốc", "delegate_role": role})
    }

    async fn propose(&self, site: &str, name: &str) -> Answer {
        let made = self.police.post(PATH, self.delegate(site, name, "member")).await;
        made.expect(201);
        made
    }

    async fn approve(&self, id: &str) -> Answer {
        self.province.post_empty_if(&format!("{PATH}/{id}/approve"), "*").await
    }
}

async fn go(client: &Client, from: &Answer, step: &str) -> Answer {
    client.post_empty_if(&format!("{PATH}/{}/{step}", from.id()), from).await
}

#[tokio::test]
async fn a_delegate_is_proposed_approved_answered_for_and_attends() {
    let scene = Scene::new(TestApp::start().await).await;
    let proposed = scene.propose(&scene.first, "Nguyễn Văn An").await;
    assert_eq!((&proposed.body["state"], proposed.warnings().len()), (&json!("proposed"), 0));
    assert_eq!(scene.district.get(&proposed.location()).await.expect(200)["full_name"], "Nguyễn Văn An", "the organiser sees it");
    go(&scene.department, &proposed, "accept").await.expect_problem(409, "invalid_transition");
    let renamed = scene.police.patch_if(&proposed.location(), &proposed, json!({"title": "Giám đốc"})).await;
    assert_eq!(renamed.expect(200)["title"], "Giám đốc");
    go(&scene.province, &proposed, "approve").await.expect_problem(412, "precondition_failed");
    scene.province.post_empty(&format!("{PATH}/{}/approve", proposed.id())).await.expect_problem(428, "precondition_required");
    go(&scene.police, &renamed, "approve").await.expect_problem(403, "forbidden");
    let approved = go(&scene.province, &renamed, "approve").await;
    assert!(approved.expect(200)["approved_at"].is_string());
    scene.police.patch_if(&proposed.location(), &approved, json!({"title": "x"})).await.expect_problem(409, "invalid_transition");
    let path = format!("{PATH}/{}/decline", approved.id());
    let declined = scene.department.post_if(&path, &approved, json!({"reason": "Đi công tác"})).await;
    assert_eq!(declined.expect(200)["reason"], "Đi công tác");
    let accepted = go(&scene.department, &declined, "accept").await;
    assert_eq!((&accepted.expect(200)["state"], &accepted.body["reason"]), (&json!("accepted"), &Value::Null));
    go(&scene.district, &accepted, "attend").await.expect_problem(409, "invalid_transition");
    scene.app.set_now("2023-08-12T09:00:00+07:00");
    go(&scene.department, &accepted, "attend").await.expect_problem(404, "not_found");
    let absent = go(&scene.district, &accepted, "miss").await;
    assert_eq!(absent.expect(200)["state"], "absent");
    let attended = go(&scene.district, &absent, "attend").await;
    assert_eq!(attended.expect(200)["state"], "attended");
    let told = scene.app.text("SELECT string_agg(data::text, ' ') FROM events WHERE resource = 'delegate'").await;
    assert!(!told.contains("Nguyễn") && !told.contains("công tác"), "{told}");
}

#[tokio::test]
async fn the_same_person_at_two_sites_at_once_is_a_warning_and_then_refused() {
    let scene = Scene::new(TestApp::start().await).await;
    let first = scene.propose(&scene.first, "Nguyễn Văn An").await;
    let second = scene.propose(&scene.second, "NGUYỄN  VĂN AN").await;
    assert_eq!(second.warnings(), ["delegate_clash"]);
    assert!(second.body["warnings"][0]["message"].as_str().unwrap().contains("Bản Mường Lai"));
    assert!(scene.propose(&scene.second, "Nguyễn Văn Anh").await.warnings().is_empty(), "another person");
    scene.approve(&first.id()).await.expect(200);
    let refused = scene.approve(&second.id()).await;
    refused.expect_problem(409, "delegate_clash");
    assert!(refused.body["detail"].as_str().unwrap().contains("Bản Mường Lai"));
    // Moved to the afternoon, or withdrawn from the other, the person is free.
    let path = format!("/api/v1/sites/{}/schedule", scene.second);
    let times = json!({"starts_at": "2023-08-12T11:00:00+07:00", "ends_at": "2023-08-12T15:00:00+07:00"});
    scene.district.post_if(&path, "*", times).await.expect(200);
    let approved = scene.approve(&second.id()).await;
    approved.expect(200);
    scene.police.post(PATH, scene.delegate(&scene.second, "Nguyễn Văn An", "member")).await.expect_problem(409, "duplicate");
    let path = format!("{PATH}/{}/withdraw", second.id());
    scene.police.post_if(&path, "*", json!({})).await.expect_problem(422, "validation_failed");
    scene.police.post_if(&path, "*", json!({"reason": "Đổi người"})).await.expect(200);
    scene.police.post_if(&path, "*", json!({"reason": "Đổi người"})).await.expect_problem(409, "invalid_transition");
    scene.propose(&scene.second, "Nguyễn Văn An").await;
}

#[tokio::test]
async fn of_two_approvals_of_one_person_at_once_one_wins() {
    let scene = Scene::new(TestApp::start_wide().await).await;
    for n in 0..8 {
        let name = format!("Đại biểu {n}");
        let (first, second) = (scene.propose(&scene.first, &name).await, scene.propose(&scene.second, &name).await);
        let (one, other) = (first.id(), second.id());
        let (one, other) = join(scene.approve(&one), scene.approve(&other)).await;
        let mut answers = [(one.status, one.code().to_owned()), (other.status, other.code().to_owned())];
        answers.sort();
        assert_eq!(answers, [(200, String::new()), (409, "delegate_clash".to_owned())]);
    }
}

#[tokio::test]
async fn who_attends_which_site_is_found_by_filters() {
    let scene = Scene::new(TestApp::start().await).await;
    let an = scene.propose(&scene.first, "Nguyễn Văn An").await;
    scene.approve(&an.id()).await.expect(200);
    scene.propose(&scene.second, "Lò Thị Bình").await;
    for (filter, count) in [
        (String::new(), 2),
        (format!("site_id={}", scene.first), 1),
        (format!("org_unit_id={}&state=approved", scene.body), 1),
        (format!("under_org_unit_id={}", scene.body), 2),
        ("pilot_level=none".to_owned(), 2),
        ("pilot_level=province".to_owned(), 0),
        ("starts_from=2023-08-12T00:00:00%2B07:00&starts_before=2023-08-13T00:00:00%2B07:00".to_owned(), 2),
        ("starts_from=2023-08-13T00:00:00%2B07:00".to_owned(), 0),
        ("delegate_role=head_of_delegation".to_owned(), 0),
        ("q=thi+binh".to_owned(), 1),
        ("sort=-created_at&limit=1".to_owned(), 1),
    ] {
        for client in [&scene.police, &scene.district, &scene.department] {
            assert_eq!(client.get(&format!("{PATH}?{filter}")).await.items().len(), count, "{filter}");
        }
    }
    let elsewhere = scene.app.district("Văn Yên").await;
    assert!(elsewhere.get(PATH).await.items().is_empty());
    elsewhere.get(&an.location()).await.expect_problem(404, "not_found");
    go(&elsewhere, &an, "accept").await.expect_problem(404, "not_found");
    go(&elsewhere, &an, "attend").await.expect_problem(404, "not_found");
    scene.app.anonymous().get(PATH).await.expect_problem(401, "unauthenticated");
    scene.district.post(PATH, scene.delegate(&scene.first, "Ai đó", "member")).await.expect_problem(403, "forbidden");
    let nowhere = scene.delegate("018b2f19-e79e-7d6a-a56d-29feb6211b04", "Ai đó", "member");
    assert_eq!(scene.police.post(PATH, nowhere).await.fields(), ["/site_id unknown_reference"]);
}

#[tokio::test]
async fn a_delegation_has_one_head_and_its_list_is_printed() {
    let scene = Scene::new(TestApp::start().await).await;
    let head = async |name: &str| {
        let made = scene.police.post(PATH, scene.delegate(&scene.first, name, "head_of_delegation")).await;
        made.expect(201);
        made.id()
    };
    let (one, other) = (head("Nguyễn Văn An").await, head("Lò Thị <Bình>").await);
    scene.approve(&one).await.expect(200);
    let refused = scene.approve(&other).await;
    refused.expect_problem(409, "duplicate");
    assert_eq!(refused.fields(), ["/delegate_role duplicate"]);
    scene.propose(&scene.first, "Sùng A Nam").await;
    let path = format!("/api/v1/sites/{}/delegates/document", scene.first);
    let csv = scene.district.get(&format!("{path}?format=csv")).await;
    csv.expect_file("text/csv");
    assert!(csv.text.contains("1,Nguyễn Văn An,Phó Giám đốc,") && csv.text.contains("trưởng đoàn,đã duyệt"), "{}", csv.text);
    assert_eq!(csv.text.lines().count(), 4);
    for format in ["docx", "xlsx"] {
        let file = scene.district.get(&format!("{path}?format={format}")).await;
        file.expect_file("application/vnd.openxmlformats");
        assert!(file.bytes.starts_with(b"PK"));
    }
    scene.app.district("Văn Yên").await.get(&path).await.expect_problem(404, "not_found");
    scene.app.sign_in(Role::OperationsCentre).await.get(&path).await.expect_problem(403, "forbidden");
    scene.district.get(&format!("{path}?format=pdf")).await.expect_problem(400, "invalid_parameter");
}

trait ExpectFile {
    fn expect_file(&self, media_type: &str);
}

impl ExpectFile for Answer {
    #[track_caller]
    fn expect_file(&self, media_type: &str) {
        assert_eq!(self.status, 200, "{}", self.text);
        assert!(self.headers["content-type"].to_str().unwrap().starts_with(media_type));
        assert!(self.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    }
}

#[tokio::test]
async fn who_a_delegate_is_is_erased_on_request_for_ever_and_the_assignment_stays() {
    let scene = Scene::new(TestApp::start().await).await;
    let key = json!({"site_id": scene.first, "org_unit_id": scene.body, "full_name": "Nguyễn Văn Cúc", "title": "Ông Cúc", "delegate_role": "member"});
    let made = scene.police.post_once(PATH, "khoa-1", key.clone()).await;
    made.expect(201);
    let withdrawn = scene.police.post_if(&format!("{}/withdraw", made.location()), &made, json!({"reason": "Ông Cúc bận"})).await;
    withdrawn.expect(200);
    let (erase, reason) = (format!("{}/erase", made.location()), json!({"reason": "Đại biểu yêu cầu ngày 20/8"}));
    scene.department.post(&erase, reason.clone()).await.expect_problem(428, "precondition_required");
    scene.department.post_if(&erase, &made, reason.clone()).await.expect_problem(412, "precondition_failed");
    assert_eq!(scene.department.post_if(&erase, "*", json!({})).await.fields(), ["/reason required"]);
    scene.police.post_if(&erase, "*", reason.clone()).await.expect_problem(403, "forbidden");
    // The body that organises the site may read the delegate, and has no say in this.
    scene.district.get(&made.location()).await.expect(200);
    scene.district.post_if(&erase, "*", reason.clone()).await.expect_problem(404, "not_found");
    let erased = scene.department.post_if(&erase, &withdrawn, reason.clone()).await;
    let shown = erased.expect(200);
    assert_eq!((&shown["full_name"], &shown["title"]), (&json!("Đã xóa theo yêu cầu"), &json!(null)));
    assert_eq!((&shown["state"], &shown["site_id"]), (&json!("withdrawn"), &json!(scene.first)));
    assert!(shown["erased_at"].is_string());
    scene.department.post_if(&erase, &erased, reason).await.expect_problem(409, "invalid_transition");
    scene
        .police
        .patch_if(&made.location(), &erased, json!({"full_name": "Nguyễn Văn Cúc"}))
        .await
        .expect_problem(409, "invalid_transition");
    for table in ["delegates", "idempotency_keys", "events", "erasures"] {
        let found = format!("SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text LIKE '%Cúc%'");
        assert_eq!(scene.app.number(&found).await, 0, "{table}");
    }
    let kept = scene.police.post_once(PATH, "khoa-1", key).await;
    assert_eq!((kept.id(), &kept.body["full_name"]), (made.id(), &json!("Đã xóa theo yêu cầu")));
    let log = scene.province.get(&format!("/api/v1/erasures?object_id={}", made.id())).await;
    assert_eq!((log.items().len(), &log.items()[0]["data_kind"]), (1, &json!("delegates")));
    let told = format!("SELECT count(*) FROM events WHERE action = 'erased' AND resource = 'delegate' AND resource_id = '{}'", made.id());
    assert_eq!(scene.app.number(&told).await, 1);
}
