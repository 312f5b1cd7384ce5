import { compilePolicy, decide } from '@smcp/policy';
const S=25;
const roles=Array.from({length:100},(_, r)=>{const s=(o:number)=>`server${(r+o)%S}`;const ru=(p:string)=>({patterns:[p],line:1});return {name:`role${r}`,line:1,allow:[0,1,2,3,4].map(o=>ru(`${s(o)}:read_*`)).concat([ru(`${s(0)}:*_item_${r%10}*`),ru(`${s(1)}:write_file`)]),deny:[ru(`${s(0)}:delete_*`),ru('*:admin_*_all'),ru(`${s(2)}:pay`)]}});
const p=compilePolicy({source:{file:'b'},roles});
const who={id:'k',kind:'key',tenant:'t',roles:roles.map(r=>r.name)} as const;
for(const name of ['read_item','unknown','admin_x_all'])for(let k=0;k<2;k++){const a={kind:'tool',server:'server3',name} as const;const f={arguments:{}};for(let i=0;i<5000;i++)decide(p,who,a,f);const t=process.hrtime.bigint();for(let i=0;i<200000;i++)decide(p,who,a,f);console.log(name,Number(process.hrtime.bigint()-t)/200000/1e3,'us')}
