## Jobs from employers' filings, and planned beside actual
jobs_add = Enter a filing of jobs
jobs_filed_on = Filed by the employer on
jobs_source = Title of the filing
jobs_hint = The number of jobs that the employer filed, with a document or its title; one count, never split, never a target.
problem_jobs = Jobs are counted as they are and are never a target.
problem_jobs_unit = The unit of jobs is jobs.
figures_planned = Planned
figures_actual = Actual
figures_as_of = As of
