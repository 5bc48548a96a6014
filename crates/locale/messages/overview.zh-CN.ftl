## 总览与地区页

progress_funnel = 项目漏斗
progress_funnel_hint = 项目数，各期计入所属项目；点数字打开清单
progress_stage = 阶段
progress_projects = 项目(个)
progress_without_stage = 另有 { $n } 个项目阶段不详。
progress_late = 滞后
progress_light_red = 红灯项目
progress_light_yellow = 黄灯项目
progress_problems_due = 逾期未解决的问题
progress_milestones_due = 逾期未完成的节点
progress_moves = 近 7 天转段
progress_no_moves = 近 7 天没有项目转段。
progress_months = 按月数据
progress_months_rest = 其余 { $count } 项指标
progress_months_hint = 各指标分列，互不相加。只计期间在同一个月内的逐项数据；跨月数据、累计和时点数据、整段引述的数据不在内。
progress_month = 月份
chart_as_chart = 图
chart_as_table = 表
region_sums = 合计按行政隶属计算
region_below = 下辖
