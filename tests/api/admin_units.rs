//! Administrative units: which there were on a day, and what became of them.

use super::support::*;

async fn resolve(client: &Client, code: &str, on: &str) -> Answer {
    client.get(&format!("/api/v1/admin-units/resolve?code={code}&on={on}")).await
}

#[tokio::test]
async fn yen_bai_has_nine_districts_during_the_campaign_and_none_after_the_reform() {
    let app = TestApp::start().await;
    let anyone = app.sign_in(Role::PortalClient).await;
    let yen_bai = resolve(&anyone, "15", "2023-08-19").await.id();
    let districts = async |on: &str| {
        let path = format!("/api/v1/admin-units?level=district&parent_id={yen_bai}&on={on}&sort=code&with_total=true");
        anyone.get(&path).await.expect(200).clone()
    };
    let then = districts("2023-08-19").await;
    let codes: Vec<_> = then["items"].as_array().unwrap().iter().map(|unit| unit["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["132", "133", "135", "136", "137", "138", "139", "140", "141"]);
    assert_eq!(then["items"][0]["parent_name"], "Tỉnh Yên Bái");
    assert_eq!(districts("2025-06-30").await["total"], 9);
    assert_eq!(districts("2025-07-01").await["total"], 0);
}

#[tokio::test]
async fn a_code_names_another_unit_after_the_reform() {
    let app = TestApp::start().await;
    let anyone = app.sign_in(Role::Commune).await;
    for (code, on, name) in [
        ("15", "2023-08-19", "Tỉnh Yên Bái"),
        ("15", "2025-06-30", "Tỉnh Yên Bái"),
        ("15", "2025-07-01", "Tỉnh Lào Cai"),
        ("04252", "2023-08-19", "Phường Yên Ninh"),
        ("04252", "2025-06-30", "Phường Yên Ninh"),
        ("04252", "2025-07-01", "Phường Yên Bái"),
    ] {
        assert_eq!(resolve(&anyone, code, on).await.expect(200)["name"], name, "{code} on {on}");
    }
    resolve(&anyone, "132", "2025-07-01").await.expect_problem(404, "not_found");
    resolve(&anyone, "15", "1999-01-01").await.expect_problem(404, "not_found");
    // Phường Nguyễn Phúc gave its code to Phường Hồng Hà in 2024, on a day that the source does not tell.
    assert_eq!(resolve(&anyone, "04264", "2023-08-19").await.expect(200)["name"], "Phường Nguyễn Phúc");
    resolve(&anyone, "04264", "2025-01-01").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_list_without_a_day_is_of_today_by_the_domain_s_clock() {
    let app = TestApp::start().await;
    let anyone = app.sign_in(Role::District).await;
    let total = async || anyone.get("/api/v1/admin-units?level=province&with_total=true&limit=1").await.expect(200)["total"].clone();
    assert_eq!(total().await, 63);
    app.set_now("2025-07-01T00:00:00+07:00");
    assert_eq!(total().await, 34);
}

#[tokio::test]
async fn lineage_is_told_both_ways() {
    let app = TestApp::start().await;
    let anyone = app.sign_in(Role::Unit).await;
    let old = resolve(&anyone, "04255", "2023-08-19").await.id();
    let new = resolve(&anyone, "04252", "2025-07-01").await.id();

    let after = anyone.get(&format!("/api/v1/admin-units/{old}/successors")).await;
    let [only] = after.items().as_slice() else { panic!("one successor: {}", after.text) };
    assert_eq!((&only["kind"], &only["portion"], &only["effective_on"]), (&json!("merge"), &json!("whole"), &json!("2025-07-01")));
    assert_eq!((&only["unit"]["id"], &only["unit"]["parent_name"]), (&json!(new), &json!("Tỉnh Lào Cai")));
    assert!(anyone.get(&format!("/api/v1/admin-units/{old}/predecessors")).await.items().is_empty());

    let before = anyone.get(&format!("/api/v1/admin-units/{new}/predecessors")).await;
    let codes: Vec<_> = before.items().iter().map(|change| change["unit"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["04252", "04255", "04258", "04261", "04264"]);
    assert!(before.items().iter().all(|change| change["unit"]["parent_name"] == "Thành phố Yên Bái"));

    let nobody = "018b2f19-e79e-7d6a-a56d-29feb6211b04";
    for path in ["", "/predecessors", "/successors"] {
        anyone.get(&format!("/api/v1/admin-units/{nobody}{path}")).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn units_are_found_without_accents_and_read_page_by_page() {
    let app = TestApp::start().await;
    let anyone = app.sign_in(Role::Auditor).await;
    let found = anyone.get("/api/v1/admin-units?q=luc+yen&level=district").await;
    let [unit] = found.items().as_slice() else { panic!("one district: {}", found.text) };
    assert_eq!((&unit["name"], &unit["parent_name"]), (&json!("Huyện Lục Yên"), &json!("Tỉnh Yên Bái")));
    let one = anyone.get(&format!("/api/v1/admin-units/{}", unit["id"].as_str().unwrap())).await;
    assert_eq!(one.expect(200), unit);

    let mut codes = Vec::new();
    let mut path = "/api/v1/admin-units?level=district&on=2023-08-19&sort=-code&limit=200".to_owned();
    loop {
        let page = anyone.get(&path).await;
        codes.extend(page.items().iter().map(|unit| unit["code"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/api/v1/admin-units?level=district&on=2023-08-19&sort=-code&limit=200&cursor={cursor}");
    }
    assert_eq!(codes.len(), 705);
    assert!(codes.is_sorted_by(|one, other| one > other));
}

#[tokio::test]
async fn bad_questions_are_refused_with_all_that_is_wrong() {
    let app = TestApp::start().await;
    let anyone = app.sign_in(Role::District).await;
    let none = anyone.get("/api/v1/admin-units/resolve").await;
    none.expect_problem(400, "invalid_parameter");
    assert_eq!(none.fields(), ["?code required", "?on required"]);
    assert_eq!(resolve(&anyone, "x", "19/8/2023").await.fields(), ["?code pattern", "?code too_short", "?on format"]);
    let list = anyone.get("/api/v1/admin-units?level=village&on=2023-02-30&colour=red").await;
    list.expect_problem(400, "invalid_parameter");
    assert_eq!(list.fields(), ["?colour unknown_parameter", "?level not_allowed", "?on format"]);
    app.anonymous().get("/api/v1/admin-units").await.expect_problem(401, "unauthenticated");
}
