UPDATE plan_legal_bases
SET note = array_to_string(array_prepend(citation, aliases), ' = ')
WHERE cardinality(aliases) > 0 AND note IS NULL;
ALTER TABLE plan_legal_bases DROP COLUMN aliases, DROP COLUMN kind;
DROP TABLE document_citations;
DROP TABLE document_aliases;
DROP TABLE documents;
