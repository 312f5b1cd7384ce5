import { Glob } from '../packages/policy/src/glob.ts';
import { parsePattern, patternMatches, compilePatternSet } from '../packages/policy/src/pattern.ts';
const globs=Array.from({length:100},()=>new Glob('admin_*_all'));
let n=0;
function t(name:string,f:()=>void){for(let i=0;i<2000;i++)f();const s=process.hrtime.bigint();for(let i=0;i<20000;i++)f();console.log(name,Number(process.hrtime.bigint()-s)/20000/100,'ns each')}
t('glob',()=>{for(const g of globs)if(g.matches('read_item'))n++});
const pats=Array.from({length:100},()=>parsePattern('*:admin_*_all'));const a={kind:'tool',server:'server3',name:'read_item'} as const;
t('pattern',()=>{for(const g of pats)if(patternMatches(g,a))n++});
const sets=Array.from({length:100},()=>compilePatternSet(['*:admin_*_all']));
t('set',()=>{for(const g of sets)if(g.matches(a))n++});
const m=new Map(Array.from({length:100},(_, i)=>['role'+i,{a:new Map(Array.from({length:5},(_, j)=>['server'+(i+j),1]))}]));const names=Array.from({length:100},(_, i)=>'role'+i);
t('maps',()=>{for(const g of names)if(m.get(g)?.a.get('server3'))n++});
console.log(n)
