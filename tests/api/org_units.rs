//! Org units: one tree, and who sees and changes which part of it.

use super::support::*;
use ngayhoi::auth::Action;
use ngayhoi::auth::policy::{Reach, reach};

fn enterprise(parent: &str, name: &str) -> Value {
    json!({"parent_id": parent, "kind": "enterprise", "level": "unit", "name": name})
}

#[tokio::test]
async fn a_district_adds_changes_and_removes_a_body_below_it() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let committee = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let parent = district.get(&format!("/api/v1/org-units/{committee}")).await;
    let made = district.post("/api/v1/org-units", enterprise(&committee, "Hợp tác xã cam Lục Yên")).await;
    let unit = made.expect(201).clone();
    assert!(unit["path"].as_str().unwrap().starts_with(parent.body["path"].as_str().unwrap()));
    assert_eq!((&unit["valid_from"], &unit["valid_to"], &unit["version"]), (&json!("2023-07-10"), &Value::Null, &json!(1)));

    let path = made.location();
    assert_eq!(district.get(&path).await.expect(200), &unit);
    district.get_if_none_match(&path, &made).await.expect(304);
    let patch = json!({"short_name": "HTX cam", "valid_to": "2023-12-31"});
    district.patch(&path, patch.clone()).await.expect_problem(428, "precondition_required");
    let changed = district.patch_if(&path, &made, patch.clone()).await;
    assert_eq!((&changed.expect(200)["short_name"], &changed.body["version"]), (&json!("HTX cam"), &json!(2)));
    district.patch_if(&path, &made, patch).await.expect_problem(412, "precondition_failed");
    assert_eq!(district.get("/api/v1/org-units?q=htx+cam").await.items().len(), 1);
    assert!(district.get("/api/v1/org-units?q=htx+cam&on=2024-01-01").await.items().is_empty());

    district.delete_if(&path, &changed).await.expect(204);
    district.get(&path).await.expect_problem(404, "not_found");
    // A change waits for every older transaction of the server, those of other tests included.
    for _ in 0..100 {
        let changes = district.get("/api/v1/changes?resource=org_unit").await;
        if changes.items().last().is_some_and(|change| change["action"] == "deleted") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("who follows the feed does not see that it is gone");
}

#[tokio::test]
async fn a_body_that_is_in_use_stays() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    for (kind, part) in [("district_committee", "Lục Yên"), ("residential_area", "Khu dân cư")] {
        let path = format!("/api/v1/org-units/{}", app.org_unit_of_kind(kind, part).await);
        province.delete_if(&path, "*").await.expect_problem(409, "in_use");
        province.get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn a_body_stands_below_its_parent_s_level_and_fits_its_kind() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let committee = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    let commune = app.org_unit_of_kind("commune_committee", "Mường Lai").await;
    let make = async |parent: &str, kind: &str, level: &str| {
        province.post("/api/v1/org-units", json!({"parent_id": parent, "kind": kind, "level": level, "name": "Đơn vị thử"})).await
    };
    assert_eq!(make(&committee, "provincial_committee", "province").await.fields(), ["/level level_not_below_parent"]);
    assert_eq!(make(&commune, "district_committee", "district").await.fields(), ["/level level_not_below_parent"]);
    assert_eq!(make(&commune, "district_committee", "unit").await.fields(), ["/kind kind_level_mismatch"]);
    make(&committee, "provincial_department", "province").await.expect(201);
    make(&committee, "provincial_department", "province").await.expect_problem(409, "duplicate");
    // Without a district between them, as since 2025-07-01.
    make(&committee, "commune_committee", "commune").await.expect_problem(409, "duplicate");
    let bad = province.post("/api/v1/org-units", json!({"parent_id": "x", "kind": "club", "level": "unit", "colour": 1})).await;
    bad.expect_problem(422, "validation_failed");
    assert_eq!(bad.fields(), ["/colour unknown_field", "/kind not_allowed", "/name required", "/parent_id format"]);

    let made = province.post("/api/v1/org-units", enterprise(&commune, "Xưởng thử")).await;
    let path = made.location();
    assert_eq!(province.patch_if(&path, &made, json!({"valid_to": "2020-01-01"})).await.fields(), ["/valid_to ends_before_start"]);
    let nowhere = json!({"admin_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"});
    assert_eq!(province.patch_if(&path, &made, nowhere).await.fields(), ["/admin_unit_id unknown_reference"]);
    assert_eq!(province.patch_if(&path, &made, json!({"parent_id": committee})).await.fields(), ["/parent_id unknown_field"]);
}

#[tokio::test]
async fn nobody_reaches_beyond_the_own_subtree() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let other = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    // Within the province everybody reads the tree; changing ends at the own subtree.
    let seen = district.get(&format!("/api/v1/org-units/{other}")).await;
    seen.expect(200);
    let path = format!("/api/v1/org-units/{other}");
    district.patch_if(&path, &seen, json!({"short_name": "x"})).await.expect_problem(404, "not_found");
    district.delete_if(&path, &seen).await.expect_problem(404, "not_found");
    let refused = district.post("/api/v1/org-units", enterprise(&other, "Xưởng thử")).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/parent_id unknown_reference"]);
    // All know the central bodies, and nobody of a province changes them.
    let central = format!("/api/v1/org-units/{}", app.org_unit_of_kind("central_committee", "Trung ương").await);
    let seen = district.get(&central).await;
    seen.expect(200);
    district.patch_if(&central, &seen, json!({"short_name": "x"})).await.expect_problem(404, "not_found");

    for role in
        [Role::Commune, Role::Unit, Role::Department, Role::OperationsCentre, Role::PortalClient, Role::Auditor, Role::StandingAgency]
    {
        let client = app.sign_in(role).await;
        client.post("/api/v1/org-units", json!({})).await.expect_problem(403, "forbidden");
        client.patch(&path, json!({})).await.expect_problem(403, "forbidden");
        client.delete(&path).await.expect_problem(403, "forbidden");
    }
    app.anonymous().get("/api/v1/org-units").await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_tree_is_read_up_and_down() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let committee = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    let district = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let area = app.org_unit_of_kind("residential_area", "Khu dân cư").await;
    let children = province.get(&format!("/api/v1/org-units/{committee}/children?kind=district_committee&with_total=true")).await;
    assert_eq!((children.items().len(), &children.body["total"]), (9, &json!(9)));
    assert!(children.items().iter().all(|unit| unit["parent_id"] == committee.as_str()));

    let above = province.get(&format!("/api/v1/org-units/{area}/ancestors")).await;
    let kinds: Vec<_> = above.items().iter().map(|unit| unit["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["central_committee", "provincial_committee", "district_committee", "commune_committee"]);
    let central = app.sign_in(Role::CentralViewer).await;
    assert_eq!(central.get(&format!("/api/v1/org-units/{area}/ancestors")).await.items()[0]["kind"], "central_committee");

    let under = province.get(&format!("/api/v1/org-units?under={district}&sort=path&limit=200")).await;
    assert_eq!(under.items()[0]["id"], district.as_str());
    assert_eq!(under.items().iter().filter(|unit| unit["kind"] == "commune_committee").count(), 24);
    assert!(under.items().iter().any(|unit| unit["id"] == area.as_str()));
    let levels = province.get("/api/v1/org-units?level=district&kind=district_police").await;
    assert_eq!(levels.items().len(), 9);
}

/// A second province beside ours, with a district, an account and a machine account at each of its bodies; and an
/// account and a machine account at every body of ours that has none.
async fn crowd(app: &TestApp) {
    app.execute(
        "INSERT INTO org_units (id, no, parent_id, path, kind, level, name, valid_from, tokens, created_at, updated_at)
         SELECT gen_random_uuid(), 900001, id, path || '900001/', 'provincial_committee', 'province', 'BCĐ tỉnh khác', '2023-01-01', '{}', now(), now()
         FROM org_units WHERE kind = 'central_committee';
         INSERT INTO org_units (id, no, parent_id, path, kind, level, name, valid_from, tokens, created_at, updated_at)
         SELECT gen_random_uuid(), 900002, id, path || '900002/', 'district_committee', 'district', 'BCĐ huyện khác', '2023-01-01', '{}', now(), now()
         FROM org_units WHERE no = 900001;
         INSERT INTO users (id, username, full_name, password_hash, role, org_unit_id, tokens, created_at, updated_at)
         SELECT gen_random_uuid(), 'thu' || no, 'Người thử', 'none', 'unit', id, '{}', now(), now() FROM org_units;
         INSERT INTO api_clients (id, name, role, org_unit_id, secret_hash, tokens, created_at, updated_at)
         SELECT gen_random_uuid(), 'Máy thử', 'portal_client', id, '\\x00', '{}', now(), now() FROM org_units;",
    )
    .await;
}

#[tokio::test]
async fn no_list_shows_a_row_outside_the_caller_s_reach_and_none_hides_one_within() {
    let app = TestApp::start().await;
    crowd(&app).await;
    let lists = [
        ("org-units", Action::OrgUnitRead, "org_units", "id"),
        ("users", Action::UserRead, "users", "org_unit_id"),
        ("api-clients", Action::UserRead, "api_clients", "org_unit_id"),
    ];
    for role in Role::ACCOUNTS {
        let client = app.sign_in(*role).await;
        let own = app.shared.account(*role).org_unit_id;
        for (path, action, table, column) in lists {
            let Some(reach) = reach(*role, action) else {
                client.get(&format!("/api/v1/{path}")).await.expect_problem(403, "forbidden");
                continue;
            };
            let top = match reach {
                Reach::Subtree => format!("SELECT path FROM org_units WHERE id = '{own}'"),
                // Of the central committee: the unit itself, above all provinces.
                Reach::Province => format!(
                    "SELECT p.path FROM org_units p JOIN org_units o ON starts_with(o.path, p.path)
                     WHERE o.id = '{own}' AND p.kind = 'provincial_committee'"
                ),
                Reach::Everything => "SELECT '/'".to_owned(),
            };
            let all_know = if table == "org_units" { "OR u.level = 'central'" } else { "" };
            let within = app
                .sql(&format!(
                    "SELECT t.id FROM {table} t JOIN org_units u ON u.id = t.{column} WHERE starts_with(u.path, ({top})) {all_know}"
                ))
                .await;
            let mut expected: Vec<String> = within.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
            let mut shown = Vec::new();
            let mut next = String::new();
            loop {
                let page = client.get(&format!("/api/v1/{path}?limit=100&sort=-created_at{next}")).await;
                shown.extend(page.items().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
                let Some(cursor) = page.body["next_cursor"].as_str() else { break };
                next = format!("&cursor={cursor}");
            }
            expected.sort();
            shown.sort();
            assert!(!expected.is_empty());
            assert_eq!(shown, expected, "{role} {path}");
        }
    }
}
