DROP TABLE site_checklist_answers;
DROP TABLE checklist_items;
