DROP TABLE duty_reminders;
DROP TABLE duty_steps;
DROP TABLE duties;
