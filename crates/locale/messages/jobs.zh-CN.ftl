## Jobs from employers' filings, and planned beside actual
jobs_add = 登记用工备案
jobs_filed_on = 企业申报日期
jobs_source = 申报材料名称
jobs_hint = 由企业申报的岗位数，附资料或写明材料名称；只记总数，不细分，不作目标。
problem_jobs = 岗位数只登记实际数，不设目标。
problem_jobs_unit = 岗位数的单位是“个岗位”。
figures_planned = 计划
figures_actual = 实际
figures_as_of = 截至
