DROP TABLE guidance_notes;
