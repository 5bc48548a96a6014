## The overview and region pages

progress_funnel = Projects by stage
progress_funnel_hint = Number of projects, phases counted with their whole; a number opens its list
progress_stage = Stage
progress_projects = Projects
progress_without_stage = Besides, { $n } projects whose stage is not known.
progress_late = Late
progress_light_red = Projects with a red light
progress_light_yellow = Projects with a yellow light
progress_problems_due = Problems past their date
progress_milestones_due = Milestones past their date
progress_moves = Moved within 7 days
progress_no_moves = No project moved within 7 days.
progress_months = By month
progress_months_rest = { $count } more measures
progress_months_hint = Each measure apart, never added together. Only items whose period lies within one month; longer periods, cumulative and stock figures and stated totals are left out.
progress_month = Month
chart_as_chart = Chart
chart_as_table = Table
region_sums = Sums follow the administrative tree
region_below = Below it
