//! How fast reports are read: a dense bulletin and a long narrative, both of invented wording.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use reading::Reader;
use std::hint::black_box;

const BULLETIN: &str = "截至9月底，全县实施产业项目128个，计划总投资86.4亿元，累计到位资金23.75亿元，同比增长18.6%；\
其中新建52个、到位9.6亿元，续建76个、到位14.15亿元。签约企业41家，吸纳就业2300余人。\n";
const NARRATIVE: &str = "山那边的风吹了一冬，园区里的路修到了厂门口。企业负责人说，来之前心里没底，来了以后才知道这里缺的\
不是资源，而是把资源变成产品的人。干部们白天跑车间，晚上核材料，把一件一件小事办成。\n";

fn speed(c: &mut Criterion) {
    let reader = Reader::new();
    for (name, line) in [("bulletin", BULLETIN), ("narrative", NARRATIVE)] {
        let text = line.repeat(200);
        let mut group = c.benchmark_group("reading");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| reader.read(black_box(&text), None)));
        group.finish();
    }
}

criterion_group!(benches, speed);
criterion_main!(benches);
