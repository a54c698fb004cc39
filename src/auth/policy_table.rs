//! The table of [`policy`](super::policy) as Markdown: printed by `ngayhoi policy`, kept in `docs/API.md`.

use super::policy::{Action, Reach, Role, may_grant, reach};
use std::fmt::Write;

/// Both tables: role × action, and who may hand out which role.
pub fn markdown() -> String {
    let mut text = String::from("| action | what |");
    let mut rule = String::from("|---|---|");
    for role in Role::ALL {
        let _ = write!(text, " `{role}` |");
        rule.push_str(":-:|");
    }
    let _ = writeln!(text, "\n{rule}");
    for action in Action::ALL {
        let (name, meaning) = action.name_and_meaning();
        let _ = write!(text, "| `{name}` | {} |", meaning.trim_end_matches('.'));
        for role in Role::ALL {
            let _ = write!(text, " {} |", cell(reach(*role, *action)));
        }
        text.push('\n');
    }
    text.push_str("\n| role | may hand out |\n|---|---|\n");
    for role in Role::ALL {
        let granted: Vec<String> =
            Role::ALL.iter().filter(|granted| may_grant(*role, **granted)).map(|granted| format!("`{granted}`")).collect();
        if !granted.is_empty() {
            let _ = writeln!(text, "| `{role}` | {} |", granted.join(", "));
        }
    }
    text
}

fn cell(reach: Option<Reach>) -> &'static str {
    match reach {
        None => "–",
        Some(Reach::Subtree) => "S",
        Some(Reach::Province) => "P",
        Some(Reach::Everything) => "A",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_documentation_holds_the_table_of_the_code() {
        let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/API.md")).unwrap();
        assert!(document.contains(&super::markdown()), "put the output of `ngayhoi policy` into docs/API.md");
    }
}
